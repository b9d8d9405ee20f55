import type { ScriptVerdict } from '../../src-core/evaluators/evaluator.ts'

/** `input` is JSON text: nothing but text goes into the sandbox, and nothing but text comes out of it. */
export type ScriptRequest = {
  readonly id: number
  readonly code: string
  readonly input: string
  readonly deadlineMs: number
}
export type ScriptMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'verdict'; readonly id: number; readonly verdict: ScriptVerdict }
