import type { RegexVerdict } from '../../src-core/evaluators/evaluator.ts'

export type RegexRequest = {
  readonly id: number
  readonly pattern: string
  readonly flags: string
  readonly text: string
}
export type RegexBatch = { readonly requests: readonly RegexRequest[] }
export type RegexAnswers = { readonly answers: readonly (readonly [id: number, verdict: RegexVerdict])[] }

/** Shared memory: the id (from 1) of the request that runs now, 0 for none. Readable while the thread is stuck. */
export type RegexWorkerData = { readonly progress: Int32Array }
