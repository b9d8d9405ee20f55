import { createTRPCClient, httpLink, httpSubscriptionLink, splitLink, type TRPCClient } from '@trpc/client'
import type { LabDoor } from '../../src-main/api/door.ts'
import type { AppRouter } from '../../src-main/api/router.ts'
import { doorLink } from './door-link.ts'
import { EventStream } from './event-stream.ts'
import { takeToken } from './token.ts'

export type LabClient = TRPCClient<AppRouter>

/** Which door this page stands behind; `no-key`: a browser that was not given the launch address. */
export type Door = 'desktop' | 'browser' | 'no-key'

/**
 * The one way from a page to its host: Electron's channel where the preload shows it, HTTP and event streams elsewhere.
 * A subscription whose connection breaks goes on by itself behind the last event it saw (`lastEventId` of the route).
 * Call it once: it takes the token out of the address.
 */
export const createClient = (): { readonly client: LabClient; readonly door: Door } => {
  const { lab } = window as { readonly lab?: LabDoor }
  if (lab !== undefined) {
    return { client: createTRPCClient<AppRouter>({ links: [doorLink(lab)] }), door: 'desktop' }
  }
  const token = takeToken()
  return { client: createHttpClient('/api', token ?? ''), door: token === null ? 'no-key' : 'browser' }
}

/**
 * `url` is the router's address. Queries are posted like everything else: what a person searches for has no place in an
 * address.
 */
export const createHttpClient = (url: string, token: string): LabClient => {
  const headers = { authorization: `Bearer ${token}` }
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (op) => op.type === 'subscription',
        true: httpSubscriptionLink({ url, EventSource: EventStream, eventSourceOptions: { headers } }),
        false: httpLink({ url, headers, methodOverride: 'POST' }),
      }),
    ],
  })
}
