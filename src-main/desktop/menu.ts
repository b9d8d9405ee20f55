import type { MenuItemConstructorOptions } from 'electron'

export type MenuActions = { readonly openWindow: () => void; readonly quit: () => void }

/**
 * The application's menu: only what the system's own keys need (copy and paste on macOS come through it). Everything of
 * the lab is in the window's palette. No developer tools and no forced reload in a packaged app.
 */
export const menuTemplate = (platform: NodeJS.Platform, actions: MenuActions): MenuItemConstructorOptions[] => {
  const isMac = platform === 'darwin'
  const quit: MenuItemConstructorOptions = {
    label: 'Quit Prompt Lab',
    accelerator: 'CommandOrControl+Q',
    click: actions.quit,
  }
  const application: MenuItemConstructorOptions[] = isMac
    ? [
        {
          label: 'Prompt Lab',
          submenu: [
            { role: 'about' },
            { type: 'separator' },
            { role: 'hide' },
            { role: 'hideOthers' },
            { type: 'separator' },
            quit,
          ],
        },
      ]
    : []
  return [
    ...application,
    {
      label: 'File',
      submenu: [{ label: 'Show window', click: actions.openWindow }, { role: 'close' }, ...(isMac ? [] : [quit])],
    },
    {
      label: 'Edit',
      // Undo and redo are the lab's own outside text fields: the window hears the keys itself.
      submenu: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }],
    },
    {
      label: 'View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    { label: 'Window', role: 'windowMenu' },
  ]
}

export const trayTemplate = (running: number, actions: MenuActions): MenuItemConstructorOptions[] => [
  { label: running === 1 ? '1 experiment is running' : `${running} experiments are running`, enabled: false },
  { type: 'separator' },
  { label: 'Show window', click: actions.openWindow },
  { label: 'Quit Prompt Lab', click: actions.quit },
]
