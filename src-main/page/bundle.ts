import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { LabError } from '../../src-core/domain/errors.ts'
import { contentSecurityPolicy, createNonce, noncePlaceholder, securityHeaders } from './csp.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

export type PageReply = {
  readonly status: 200 | 404
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
}

/** The window's built files. */
export type Bundle = {
  /** `path` as in a URL: still encoded, beginning with a slash. Anything that is not exactly a listed file is a 404. */
  read(path: string): Promise<PageReply>
}

/**
 * Lists the folder once and answers from that list. No path is ever built from what a request says, so there is no
 * traversal to get wrong; symbolic links are not followed.
 *
 * Throws LabError 'unsupported' when the folder holds no index.html, that is when nothing was built.
 */
export const openBundle = (folder: string): Bundle => {
  const files = new Map(listFiles(folder, ''))
  if (!files.has('/index.html')) {
    throw new LabError('unsupported', 'The window is not built. Run `npm run build` once, then start again.')
  }
  return {
    read: async (path) => {
      const name = decoded(path)
      const file = name === null ? undefined : files.get(name === '/' ? '/index.html' : name)
      return file === undefined || name === null ? notFound : reply(file, name.startsWith('/assets/'))
    },
  }
}

const listFiles = (folder: string, below: string): (readonly [name: string, file: string])[] => {
  let entries: ReturnType<typeof readEntries>
  try {
    entries = readEntries(folder)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw cause
  }
  return entries.flatMap((entry) => {
    const name = `${below}/${entry.name}`
    if (entry.isDirectory()) return listFiles(join(folder, entry.name), name)
    return entry.isFile() && extname(entry.name) in types ? [[name, join(folder, entry.name)] as const] : []
  })
}

const readEntries = (folder: string) => readdirSync(folder, { withFileTypes: true })

const decoded = (path: string): string | null => {
  try {
    return decodeURIComponent(path)
  } catch {
    // Not an encoding of anything, so not the name of a file.
    return null
  }
}

const bytes = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text))

const notFound: PageReply = {
  status: 404,
  headers: { ...securityHeaders, 'content-type': 'text/plain; charset=utf-8' },
  body: bytes('Not found'),
}

const reply = async (file: string, named: boolean): Promise<PageReply> => {
  const type = types[extname(file)] as string
  const nonce = createNonce()
  const content = await readFile(file)
  const isPage = extname(file) === '.html'
  return {
    status: 200,
    headers: {
      ...securityHeaders,
      'content-type': type,
      'content-security-policy': contentSecurityPolicy(nonce),
      // Names in assets/ hold a hash of their content; the page itself holds a nonce and is never kept.
      'cache-control': isPage ? 'no-store' : named ? 'private, max-age=31536000, immutable' : 'no-cache',
    },
    body: isPage ? bytes(content.toString('utf8').replaceAll(noncePlaceholder, nonce)) : new Uint8Array(content),
  }
}
