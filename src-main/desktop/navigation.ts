import { isAppUrl } from './protocol.ts'

/**
 * Where the system's browser may be sent: exact hosts. Texts that a model or an imported file wrote can hold links, and
 * such a link must be able to leak nothing and start nothing.
 */
const hosts: ReadonlySet<string> = new Set([
  'github.com',
  'docs.ollama.com',
  'ollama.com',
  'huggingface.co',
  'platform.openai.com',
  'console.anthropic.com',
  'docs.anthropic.com',
])

/** Https to a known host on its own port, without credentials in it. */
export const mayOpenExternally = (text: string): boolean => {
  const url = URL.parse(text)
  return (
    url !== null &&
    url.protocol === 'https:' &&
    hosts.has(url.hostname) &&
    url.port === '' &&
    url.username === '' &&
    url.password === ''
  )
}

/** The window shows its one page for ever; a reload of it is the only navigation. */
export const mayNavigate = (text: string): boolean => isAppUrl(text)

/** What `session` and `webContents` give, as far as it is locked here; the tests hand in recorders. */
export type Lockable = {
  readonly session: {
    setPermissionRequestHandler(
      handler: (contents: unknown, permission: string, callback: (granted: boolean) => void) => void,
    ): void
    setPermissionCheckHandler(handler: (contents: unknown, permission: string) => boolean): void
    setDevicePermissionHandler(handler: () => boolean): void
  }
  setWindowOpenHandler(handler: (details: { readonly url: string }) => { readonly action: 'deny' }): void
  on(
    event: 'will-navigate' | 'will-redirect' | 'will-frame-navigate',
    listener: (event: { readonly url: string; preventDefault(): void }) => void,
  ): unknown
  on(event: 'will-attach-webview', listener: (event: { preventDefault(): void }) => void): unknown
}

/** Writing the clipboard is what "copy" needs; reading it and everything else is denied. */
const granted: ReadonlySet<string> = new Set(['clipboard-sanitized-write'])

/** Denies permissions, new windows, navigations and webviews; allowed links go to the system's browser. */
export const lockContents = (contents: Lockable, openExternal: (url: string) => Promise<void>): void => {
  contents.session.setPermissionRequestHandler((_contents, permission, callback) => callback(granted.has(permission)))
  contents.session.setPermissionCheckHandler((_contents, permission) => granted.has(permission))
  contents.session.setDevicePermissionHandler(() => false)
  contents.setWindowOpenHandler(({ url }) => {
    // No system browser, or it refused: the link stays a text that can be copied.
    if (mayOpenExternally(url)) openExternal(url).catch(() => undefined)
    return { action: 'deny' }
  })
  const stay = (event: { readonly url: string; preventDefault(): void }) => {
    if (!mayNavigate(event.url)) event.preventDefault()
  }
  contents.on('will-navigate', stay)
  contents.on('will-redirect', stay)
  contents.on('will-frame-navigate', stay)
  contents.on('will-attach-webview', (event) => event.preventDefault())
}
