import { open, stat, truncate } from 'node:fs/promises'
import { LabError } from '../../src-core/domain/errors.ts'
import type { ModelSource } from './catalogue.ts'

export const defaultHub = 'https://huggingface.co'

export type DownloadTarget = {
  /** Grows by what arrives; its bytes are kept over cuts. */
  readonly part: string
  readonly totalBytes: number
  readonly signal: globalThis.AbortSignal
  readonly onBytes: (bytes: number) => void
}

const attempts = 5
const idleMs = 30_000
const mostRedirects = 5

/**
 * Downloads a file of the hub into `part`, continuing where it stopped: by itself after a cut as long as something
 * arrives, and in a later run. Redirects are followed (the hub sends to its file servers), but never from https to http.
 * Rejects with LabError 'download', or with the signal's reason.
 */
export const pullFromHub = async (
  source: Extract<ModelSource, { kind: 'hub' }>,
  hub: string,
  target: DownloadTarget,
): Promise<void> => {
  const url = new URL(
    `${source.repository}/resolve/${source.revision}/${source.file}`,
    hub.endsWith('/') ? hub : `${hub}/`,
  )
  let failures = 0
  while (true) {
    const before = await partBytes(target.part)
    if (before === target.totalBytes) return
    if (before > target.totalBytes) await truncate(target.part, 0)
    try {
      await fetchRest(url, await partBytes(target.part), target)
    } catch (error) {
      if (target.signal.aborted) throw target.signal.reason
      if (error instanceof LabError) throw error
      if (isLocalTrouble(error)) throw error
      failures = (await partBytes(target.part)) > before ? 0 : failures + 1
      if (failures >= attempts) throw cut(url, error)
      await pause(200 * 2 ** failures)
    }
  }
}

const fetchRest = async (
  url: URL,
  from: number,
  { part, totalBytes, signal, onBytes }: DownloadTarget,
): Promise<void> => {
  const idle = new AbortController()
  const timer = setTimeout(() => idle.abort(new Error('nothing arrived for 30 seconds')), idleMs)
  const headers = { 'accept-encoding': 'identity', ...(from > 0 ? { range: `bytes=${from}-` } : {}) }
  try {
    const response = await follow(url, { headers, redirect: 'manual', signal: AbortSignal.any([signal, idle.signal]) })
    // 200 to a range: the server sends the whole file again. 416: what we have is no beginning of it.
    const resumed = response.status === 206 && rangeStart(response) === from
    if (response.status === 416) {
      await truncate(part, 0)
      throw new Error('the server has no such range')
    }
    if (response.status >= 500) throw new Error(`HTTP ${response.status}`)
    if (!response.ok || response.body === null || (response.status === 206 && !resumed)) {
      throw new LabError('download', `${url.host} does not give ${url.pathname} (HTTP ${response.status}).`)
    }
    let bytes = resumed ? from : 0
    const file = await open(part, resumed ? 'a' : 'w')
    try {
      for await (const chunk of response.body) {
        timer.refresh()
        bytes += chunk.length
        if (bytes > totalBytes) {
          throw new LabError('download', `${url.host} sends more than the ${totalBytes} bytes of ${url.pathname}.`)
        }
        await file.appendFile(chunk)
        onBytes(bytes)
      }
    } finally {
      await file.close()
    }
    if (bytes < totalBytes) throw new Error('the connection was cut')
  } finally {
    clearTimeout(timer)
  }
}

const follow = async (start: URL, init: RequestInit): Promise<Response> => {
  let url = start
  for (let hop = 0; hop <= mostRedirects; hop++) {
    const response = await fetch(url, init)
    const location = response.headers.get('location')
    if (response.status < 300 || response.status > 399 || location === null) return response
    await response.body?.cancel()
    const next = new URL(location, url)
    if (next.protocol !== 'https:' && next.protocol !== url.protocol) {
      throw new LabError(
        'download',
        `${start.host} redirects to ${next.protocol}//${next.host}, which is not encrypted.`,
      )
    }
    url = next
  }
  throw new LabError('download', `${start.host} redirects in circles.`)
}

const rangeStart = (response: Response): number | null => {
  const start = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1]
  return start === undefined ? null : Number(start)
}

export const partBytes = async (part: string): Promise<number> => (await stat(part).catch(() => null))?.size ?? 0

/** Disk full, no permission, no such folder: another attempt would meet it again. */
const isLocalTrouble = (error: unknown): boolean => {
  const code = (error as { code?: unknown } | null)?.code
  return (
    typeof code === 'string' &&
    ['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'EISDIR', 'EFBIG', 'EIO'].includes(code)
  )
}

const cut = (url: URL, cause: unknown): LabError => {
  const inner = (cause as { cause?: { message?: unknown } }).cause?.message
  const why = typeof inner === 'string' && inner !== '' ? inner : cause instanceof Error ? cause.message : String(cause)
  return new LabError(
    'download',
    `The download from ${url.host} stopped: ${why}. Run the same command again; it continues where it stopped.`,
    { cause },
  )
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
