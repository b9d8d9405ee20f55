import { BrowserWindow } from 'electron'
import { appUrl } from './protocol.ts'
import { windowOptions } from './window-options.ts'

export type WindowFiles = { readonly preload: string; readonly icon: string }

/** The only place where a window is made. It shows itself when its page is drawn, so that nobody sees an empty one. */
export const openWindow = ({ preload, icon }: WindowFiles): BrowserWindow => {
  const window = new BrowserWindow(windowOptions(preload, icon))
  window.once('ready-to-show', () => window.show())
  // A page that cannot be loaded is told by 'did-fail-load'; main.ts ends the app with a sentence.
  window.loadURL(appUrl).catch(() => undefined)
  return window
}
