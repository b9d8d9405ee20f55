import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { namesLoopback } from '../providers/transport/addresses.ts'
import type { NetworkEntry, NetworkLog } from './host-types.ts'

/** What undici tells of a request, in every copy of it in this process: Node's own `fetch` and the package's. */
type Told = {
  readonly origin?: string | URL
  readonly path?: string
  readonly method?: string
  readonly contentLength?: number | null
}
type Open = {
  readonly at: number
  readonly started: number
  sent: number
  received: number
  status: number | null
  readonly host: string
  readonly method: string
  readonly path: string
}

const kept = 5_000

/** By what every model server's protocol looks like; a request of another shape is named as what it is. */
const purposeOf = (method: string, path: string): string => {
  if (/\/(chat\/completions|messages|api\/chat|api\/generate|completions|responses)\b/.test(path)) return 'model call'
  if (/\/(embeddings|api\/embed)\b/.test(path)) return 'embedding'
  if (/\/(models|api\/tags|api\/ps|api\/show|api\/version|props|health)\b/.test(path)) return 'model information'
  if (/\/resolve\//.test(path)) return 'model download'
  return method === 'GET' ? 'request' : 'model call'
}

/**
 * Every request that leaves this process, kept in a ring. It listens where the connections themselves are made, so that a
 * request no one thought of is seen as well; contents are not kept.
 */
export const createNetworkLog = (now: () => number = Date.now) => {
  const open = new WeakMap<object, Open>()
  const entries: NetworkEntry[] = []
  let total = 0
  let beyond = 0
  let waiting: (() => void)[] = []

  const add = (entry: Omit<NetworkEntry, 'n'>): void => {
    total += 1
    if (!entry.loopback) beyond += 1
    entries.push({ n: total, ...entry })
    if (entries.length > kept) entries.shift()
    const woken = waiting
    waiting = []
    for (const wake of woken) wake()
  }
  const finish = (request: object, outcome: NetworkEntry['outcome']): void => {
    const known = open.get(request)
    if (known === undefined) return
    open.delete(request)
    add({
      at: new Date(known.at).toISOString(),
      host: known.host,
      purpose: purposeOf(known.method, known.path),
      method: known.method,
      loopback: namesLoopback(known.host.replace(/:\d+$/, '')),
      sentBytes: known.sent,
      receivedBytes: known.received,
      durationMs: performance.now() - known.started,
      status: known.status,
      outcome,
    })
  }
  const requestOf = (message: unknown): (Told & object) | null => {
    const request: unknown = (message as { readonly request?: unknown }).request
    return typeof request === 'object' && request !== null ? request : null
  }
  const withOpen = (message: unknown, step: (known: Open) => void): void => {
    const request = requestOf(message)
    const known = request === null ? undefined : open.get(request)
    if (known !== undefined) step(known)
  }
  const chunkBytes = (message: unknown): number => {
    const { chunk } = message as { readonly chunk?: { readonly byteLength?: number; readonly length?: number } }
    return chunk?.byteLength ?? chunk?.length ?? 0
  }
  const listeners: readonly (readonly [string, (message: unknown) => void])[] = [
    [
      'undici:request:create',
      (message) => {
        const request = requestOf(message)
        if (request === null) return
        const host = URL.canParse(String(request.origin))
          ? new URL(String(request.origin)).host
          : String(request.origin)
        open.set(request, {
          at: now(),
          started: performance.now(),
          sent: request.contentLength ?? 0,
          received: 0,
          status: null,
          host,
          method: request.method ?? 'GET',
          path: request.path ?? '',
        })
      },
    ],
    [
      'undici:request:headers',
      (message) =>
        withOpen(message, (known) => {
          known.status =
            (message as { readonly response?: { readonly statusCode?: number } }).response?.statusCode ?? null
        }),
    ],
    [
      'undici:request:bodyChunkSent',
      (message) =>
        withOpen(message, (known) => {
          known.sent += chunkBytes(message)
        }),
    ],
    [
      'undici:request:bodyChunkReceived',
      (message) =>
        withOpen(message, (known) => {
          known.received += chunkBytes(message)
        }),
    ],
    [
      'undici:request:trailers',
      (message) => {
        const request = requestOf(message)
        if (request !== null) finish(request, 'ok')
      },
    ],
    [
      'undici:request:error',
      (message) => {
        const request = requestOf(message)
        const { error } = message as {
          readonly error?: { readonly name?: string; readonly code?: string; readonly message?: string }
        }
        const cancelled = error?.name === 'AbortError' || error?.message === 'closed by the caller'
        if (request !== null) finish(request, cancelled ? 'cancelled' : 'failed')
      },
    ],
  ]
  for (const [channel, listener] of listeners) subscribe(channel, listener)

  return {
    /** For what leaves by another program (a package tool that fetches a model). */
    add,
    read: (after: number, limit: number): NetworkLog => ({
      entries: entries.filter(({ n }) => n > after).slice(-limit),
      total,
      beyondThisMachine: beyond,
    }),
    async *watch(after: number, signal: AbortSignal): AsyncGenerator<NetworkEntry> {
      let seen = after
      const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
      while (!signal.aborted) {
        for (const entry of entries.filter(({ n }) => n > seen)) {
          seen = entry.n
          yield entry
        }
        if (entries.some(({ n }) => n > seen)) continue
        await Promise.race([new Promise<void>((resolve) => waiting.push(resolve)), aborted])
      }
    },
    close: () => {
      for (const [channel, listener] of listeners) unsubscribe(channel, listener)
    },
  }
}

export type NetworkRing = ReturnType<typeof createNetworkLog>
