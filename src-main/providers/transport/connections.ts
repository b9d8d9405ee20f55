import { Pool } from 'undici'
import { guardedLookup } from './addresses.ts'
import type { Endpoint } from './endpoint.ts'

/** Kept-alive connections by origin. A pool never follows redirects and never sends anything of its own. */
export type Connections = {
  to(endpoint: Endpoint, connectMs: number): Pool
  /** Ends every connection at once; requests in flight fail. */
  dispose(): Promise<void>
}

export const createConnections = (): Connections => {
  const pools = new Map<string, Pool>()
  return {
    to: (endpoint, connectMs) => {
      const key = `${connectMs} ${endpoint.loopback} ${endpoint.origin}`
      const known = pools.get(key)
      if (known !== undefined) return known
      const pool = new Pool(endpoint.origin, {
        // No limit here: how many calls run at once is the scheduler's business, and a queue would count as latency.
        connections: null,
        pipelining: 1,
        // One plain connection per call can be closed to cancel it; a shared HTTP/2 session cannot.
        allowH2: false,
        connect: { timeout: connectMs, lookup: guardedLookup(endpoint.loopback) },
        // The exchange keeps time itself, by the model's own limits.
        headersTimeout: 0,
        bodyTimeout: 0,
        keepAliveTimeout: 4_000,
        // llama.cpp's server hangs up after the hundredth answer of a connection, and the hundred and first request would
        // be lost (seen; its "Keep-Alive: max=100" is all the notice it gives). Ours says goodbye before that.
        maxRequestsPerClient: 90,
      })
      pools.set(key, pool)
      return pool
    },
    dispose: async () => {
      const all = [...pools.values()]
      pools.clear()
      await Promise.all(all.map((pool) => pool.destroy()))
    },
  }
}
