import type { BrowserWindowConstructorOptions } from 'electron'

/**
 * What a page of ours may do. Written out whole and frozen: options that are spread together from several places are how
 * a window loses its sandbox (CVE-2026-34769). A test compares it member by member.
 */
export const webPreferences = (preload: string) =>
  Object.freeze({
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    navigateOnDragDrop: false,
    safeDialogs: true,
    spellcheck: false,
  })

/** Legible at 1280 pixels; a test pins every member. */
export const windowOptions = (preload: string, icon: string) =>
  Object.freeze({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: 'Prompt Lab',
    icon,
    autoHideMenuBar: true,
    webPreferences: webPreferences(preload),
  }) satisfies BrowserWindowConstructorOptions
