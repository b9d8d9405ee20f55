import type { LabErrorData } from '../../src-core/domain/errors.ts'
import type { Store } from '../../src-core/ports/store.ts'

/** What the host's thread says to the store's threads. Everything is plain data by structured clone. */
export const writeNames = [
  'registerVariant',
  'createExperiment',
  'lease',
  'finishExperiment',
  'attemptsSent',
  'callsEnded',
  'recordOutcomes',
  'callsFromCache',
  'saveScores',
  'rescore',
] as const satisfies readonly (keyof Store)[]
export type WriteName = (typeof writeNames)[number]

export const readNames = [
  'variants',
  'findVariant',
  'experiments',
  'findExperiment',
  'snapshot',
  'runState',
  'cachedResponses',
  'cachedScores',
  'ledger',
  'executions',
  'report',
  'verify',
  'backup',
] as const satisfies readonly (keyof Store)[]
export type ReadName = (typeof readNames)[number]

/** What a thread does for each name: the port's method without the promise. */
export type Handlers<Name extends WriteName | ReadName> = {
  readonly [K in Name]: (...args: Parameters<Store[K]>) => Awaited<ReturnType<Store[K]>>
}

export type Request = { readonly id: number; readonly name: string; readonly args: readonly unknown[] }

/** All requests of one turn of the event loop. `nowMs` is the asker's clock. */
export type ToThread =
  | { readonly kind: 'requests'; readonly nowMs: number; readonly requests: readonly Request[] }
  | { readonly kind: 'close' }

export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: LabErrorData }

/** `done` are requests that returned nothing, which are nearly all: a number each. */
export type FromThread =
  | { readonly kind: 'ready'; readonly warnings: readonly string[] }
  | { readonly kind: 'refused'; readonly error: LabErrorData }
  | { readonly kind: 'replies'; readonly done: readonly number[]; readonly replies: readonly Reply[] }
  | { readonly kind: 'closed'; readonly error: LabErrorData | null }

export type ThreadData = {
  readonly path: string
  readonly labVersion: string
  readonly nowMs: number
  /** Tests make a full disk of it; null: no bound. */
  readonly maxPages: number | null
}

export const repliesOf = (replies: readonly Reply[]): FromThread => ({
  kind: 'replies',
  done: replies.filter((reply) => 'value' in reply && reply.value === undefined).map(({ id }) => id),
  replies: replies.filter((reply) => !('value' in reply) || reply.value !== undefined),
})
