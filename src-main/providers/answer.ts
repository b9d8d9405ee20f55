import type { ModelResponse } from '../../src-core/domain/execution.ts'

/** What a protocol's reader finds in a whole answer; the exchange adds the times. */
export type Answer = Omit<ModelResponse, 'latencyMs' | 'firstTokenMs' | 'batched'>
