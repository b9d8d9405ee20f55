import type { Bundle } from '../page/bundle.ts'

export const appScheme = 'app'
export const appHost = 'lab'
export const appUrl = `${appScheme}://${appHost}/`

/** Compares parsed parts: a prefix test would take `app://lab.example/` and `app://lab@example/` for ours. */
export const isAppUrl = (text: string): boolean => {
  const url = URL.parse(text)
  return (
    url !== null &&
    url.protocol === `${appScheme}:` &&
    url.host === appHost &&
    url.username === '' &&
    url.password === ''
  )
}

/** What the page may load: its own files, and what it made itself. Everything else is cancelled, whatever the policy says. */
export const isOwnRequest = (text: string): boolean =>
  text.startsWith('data:') || isAppUrl(text.startsWith('blob:') ? text.slice('blob:'.length) : text)

/** Answers `app://lab/...` from the built files: GET, one host, one folder, and nothing that is not on the folder's list. */
export const serveApp =
  (bundle: Bundle) =>
  async (request: { readonly method: string; readonly url: string }): Promise<Response> => {
    if (request.method !== 'GET') return new Response('Method not allowed', { status: 405, headers: { allow: 'GET' } })
    if (!isAppUrl(request.url)) return new Response('Not found', { status: 404 })
    const { status, headers, body } = await bundle.read(new URL(request.url).pathname)
    return new Response(body, { status, headers })
  }
