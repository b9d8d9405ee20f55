import { expect, it } from 'vitest'
import { type Lockable, lockContents, mayOpenExternally } from './navigation.ts'

type Handlers = {
  request?: (contents: unknown, permission: string, callback: (granted: boolean) => void) => void
  check?: (contents: unknown, permission: string) => boolean
  device?: () => boolean
  open?: (details: { readonly url: string }) => { readonly action: 'deny' }
}
type Listener = (event: { readonly url: string; preventDefault(): void }) => void

/** Contents that only keep what was set on them, as Electron would. */
const lock = () => {
  const handlers: Handlers = {}
  const listeners = new Map<string, Listener>()
  const launched: string[] = []
  const contents: Lockable = {
    session: {
      setPermissionRequestHandler: (handler) => {
        handlers.request = handler
      },
      setPermissionCheckHandler: (handler) => {
        handlers.check = handler
      },
      setDevicePermissionHandler: (handler) => {
        handlers.device = handler
      },
    },
    setWindowOpenHandler: (handler) => {
      handlers.open = handler
    },
    on: (event: string, listener: unknown) => listeners.set(event, listener as Listener),
  }
  lockContents(contents, async (url) => {
    launched.push(url)
  })
  const stays = (event: string, url: string): boolean => {
    let prevented = false
    listeners.get(event)?.({ url, preventDefault: () => (prevented = true) })
    return prevented
  }
  return { handlers, launched, stays }
}

const otherSites = [
  'http://github.com/',
  'https://github.com:8443/',
  'https://github.com.evil.example/',
  'https://evil.example/github.com',
  'https://user@github.com/',
  'https://user:pass@github.com/',
  'https://githubXcom/',
  'https://sub.github.com/',
  'https://evil.example/',
  'https://127.0.0.1/',
  'https://localhost/',
  'https://[::1]/',
  'https://github.com@evil.example/',
  'https://github.com%2eevil.example/',
  'https://xn--gthub-n4a.com/',
  'https://evil.example#https://github.com/',
  'https://evil.example?https://github.com/',
]
const otherSchemes = [
  'file:///etc/passwd',
  'file://server/share',
  'javascript:alert(1)',
  'data:text/html,x',
  'blob:app://lab/1',
  'about:blank',
  'chrome://settings',
  'devtools://devtools',
  'view-source:https://github.com',
  'filesystem:https://github.com/',
  'mailto:a@b.example',
  'tel:123',
  'sms:123',
  'ssh://github.com',
  'ftp://github.com',
  'smb://server/share',
  'vscode://file/x',
  'ms-msdt:/id',
  'search-ms:query=x',
  'ws://github.com',
  'wss://github.com',
  'app://evil/',
  'app://lab.evil/',
  'app://lab@evil/',
  'steam://run/1',
  'intent://x',
  'x-apple.systempreferences:',
  'ms-settings:',
  'shell:startup',
  'jar:file:///x',
  'ldap://x',
  'telnet://x',
  'nfs://x',
  'dav://x',
  'magnet:?x',
  'itms:x',
  'zoommtg://x',
  'slack://x',
  'about:config',
  'http:github.com',
  'https:///',
  'https://',
  '//github.com',
  'github.com',
  '',
]
const hostile = [...otherSites, ...otherSchemes]

it('60 addresses: no navigation, no launch, no window', () => {
  expect(hostile.length).toBeGreaterThanOrEqual(60)
  const { handlers, launched, stays } = lock()
  for (const url of hostile) {
    expect([url, mayOpenExternally(url)]).toEqual([url, false])
    expect(handlers.open?.({ url })).toEqual({ action: 'deny' })
    for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate', 'will-attach-webview']) {
      expect([url, event, stays(event, url)]).toEqual([url, event, true])
    }
  }
  expect(launched).toEqual([])
})

it('hands https links to known hosts to the system, and stays where it is', () => {
  const { handlers, launched, stays } = lock()
  const url = 'https://github.com/electron/electron/issues?q=1#2'
  expect(handlers.open?.({ url })).toEqual({ action: 'deny' })
  expect(launched).toEqual([url])
  expect(stays('will-navigate', url)).toBe(true)
})

it('lets the page reload itself, and attaches no webview', () => {
  const { stays } = lock()
  expect(stays('will-navigate', 'app://lab/')).toBe(false)
  expect(stays('will-attach-webview', 'app://lab/')).toBe(true)
})

it('grants writing the clipboard and nothing else', () => {
  const { handlers } = lock()
  const names = [
    'clipboard-read',
    'media',
    'geolocation',
    'notifications',
    'midi',
    'pointerLock',
    'fullscreen',
    'openExternal',
    'display-capture',
    'fileSystem',
    'hid',
    'usb',
    'idle-detection',
    'storage-access',
    'keyboardLock',
    'unknown',
  ]
  for (const name of [...names, 'clipboard-sanitized-write']) {
    const expected = name === 'clipboard-sanitized-write'
    let told: boolean | null = null
    handlers.request?.(null, name, (granted) => (told = granted))
    expect([name, told, handlers.check?.(null, name)]).toEqual([name, expected, expected])
  }
  expect(handlers.device?.()).toBe(false)
})
