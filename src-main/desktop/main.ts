import { join } from 'node:path'
import { app, dialog, ipcMain, Menu, protocol, safeStorage, session, shell, Tray, utilityProcess } from 'electron'
import { openHost } from '../host.ts'
import { resourcePath } from '../package-root.ts'
import { openBundle } from '../page/bundle.ts'
import { createDoorHandler, doorChannel } from './ipc.ts'
import { openKeychain } from './keychain.ts'
import { createLifecycle } from './lifecycle.ts'
import { menuTemplate, trayTemplate } from './menu.ts'
import { lockContents } from './navigation.ts'
import { appScheme, isOwnRequest, serveApp } from './protocol.ts'
import { utilityIsolatedProcess } from './utility-process.ts'
import { openWindow } from './window.ts'

// Everything up to the first await happens before Electron is ready, as these three must.
app.enableSandbox()
app.setName('Prompt Lab')
protocol.registerSchemesAsPrivileged([
  { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
])

const built = (...parts: string[]) => join(import.meta.dirname, '..', ...parts)
const icon = resourcePath('icons', 'icon.png')

const start = async (): Promise<void> => {
  await app.whenReady()
  const keys = openKeychain(safeStorage, join(app.getPath('userData'), 'keys.json'), process.platform)
  const db = app.commandLine.getSwitchValue('db')
  const host = await openHost({
    door: 'desktop',
    ...(db === '' ? {} : { db }),
    keys,
    startIsolatedProcess: utilityIsolatedProcess((file, args, options) => utilityProcess.fork(file, args, options)),
  })

  // The policy already forbids it; a request that is not the window's own file is cancelled here as well.
  session.defaultSession.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !isOwnRequest(details.url) && !details.url.startsWith('devtools:') })
  })
  app.on('web-contents-created', (_event, contents) => lockContents(contents, (url) => shell.openExternal(url)))
  protocol.handle(appScheme, serveApp(openBundle(built('renderer'))))

  const door = createDoorHandler(host.router)
  ipcMain.handle(doorChannel, (event, ...words: unknown[]) => {
    const { sender, senderFrame } = event
    return door.handle(
      {
        window: sender.id,
        isMainFrame: senderFrame !== null && senderFrame === sender.mainFrame,
        url: senderFrame?.url ?? '',
        push: (push) => {
          if (!sender.isDestroyed()) sender.send(doorChannel, push)
        },
      },
      words,
    )
  })

  let tray: Tray | null = null
  const lifecycle = createLifecycle({
    host,
    openWindow: () => {
      const window = openWindow({ preload: built('preload', 'index.cjs'), icon })
      const { id } = window.webContents
      // A reload begins a new page: what the old one listened to must not go on.
      window.webContents.on('did-start-navigation', (details) => {
        if (details.isMainFrame && !details.isSameDocument) door.forget(id)
      })
      window.webContents.on('destroyed', () => door.forget(id))
      return window
    },
    ask: async (window, question) => {
      const answer = await (window === null ? dialog.showMessageBox(question) : dialog.showMessageBox(window, question))
      return { button: answer.response, always: answer.checkboxChecked }
    },
    showTray: (running) => {
      tray ??= new Tray(resourcePath('icons', 'tray.png'))
      tray.setToolTip(`Prompt Lab: ${running} running`)
      tray.setContextMenu(Menu.buildFromTemplate(trayTemplate(running, actions)))
    },
    hideTray: () => {
      tray?.destroy()
      tray = null
    },
    quit: () => app.quit(),
  })
  const actions = { openWindow: () => lifecycle.show(), quit: () => void lifecycle.requestQuit() }

  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, actions)))
  app.on('second-instance', () => lifecycle.show())
  app.on('activate', () => lifecycle.show())
  // Without a listener Electron quits by itself; the lifecycle decides.
  app.on('window-all-closed', () => undefined)
  app.on('before-quit', (event) => {
    if (lifecycle.mayQuit()) return
    event.preventDefault()
    void lifecycle.requestQuit()
  })
  lifecycle.show()
}

if (app.requestSingleInstanceLock()) {
  start().catch((error: Error) => {
    dialog.showErrorBox('Prompt Lab cannot start', error.message)
    app.exit(1)
  })
} else {
  app.quit()
}
