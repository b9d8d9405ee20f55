import type { ModelResponse } from '../../src-core/domain/execution.ts'
import type { ModelReference, TokenPrice } from '../../src-core/domain/model.ts'
import { isRetryable, ProviderFailure } from '../../src-core/ports/provider.ts'
import { costOf, mayHaveBeenBilled } from './attempt-cost.ts'
import type { Job } from './queues.ts'
import type { Scheduler } from './scheduler.ts'

type Usage = { readonly input: number; readonly output: number }
type Bill = {
  /** Null where the server does not say. */
  readonly usage: Usage | null
  /** Null where it cannot be known. */
  readonly costUsd: number | null
}

/** What became of one request. */
export type AttemptResult =
  | (Bill & { readonly kind: 'answered'; readonly response: ModelResponse })
  | (Bill & { readonly kind: 'failed'; readonly failure: ProviderFailure; readonly retryable: boolean })
  | { readonly kind: 'aborted' }

const embedding = async (scheduler: Scheduler, job: Job, signal: AbortSignal): Promise<ModelResponse> => {
  const provider = await scheduler.provider(job.model.provider)
  if (provider.embed === undefined)
    throw new ProviderFailure('bad-request', `the provider ${provider.id} has no embeddings`)
  const started = scheduler.clock.monotonicMs()
  const texts = job.request.messages.map((message) => message.content)
  const vectors = await provider.embed(job.model, texts, { signal })
  return {
    output: JSON.stringify(vectors),
    finishReason: 'stop',
    servedModel: null,
    inputTokens: null,
    outputTokens: null,
    cachedInputTokens: null,
    latencyMs: scheduler.clock.monotonicMs() - started,
    firstTokenMs: null,
    batched: false,
  }
}

const modelOf = ({ model, request }: Job): ModelReference =>
  request.responseFormat === undefined
    ? model
    : { ...model, parameters: { ...model.parameters, responseFormat: request.responseFormat } }

const completion = async (scheduler: Scheduler, job: Job, signal: AbortSignal): Promise<ModelResponse> => {
  const provider = await scheduler.provider(job.model.provider)
  const { messages, repetition, affinity } = job.request
  const simulation = job.model.provider === 'simulated' ? job.request.simulation : null
  return provider.complete({ model: modelOf(job), messages, repetition, affinity, simulation }, { signal })
}

/** Sends one request. Never rejects: every way to fail is a result. */
export const sendAttempt = async (
  scheduler: Scheduler,
  job: Job,
  signal: AbortSignal,
  price: TokenPrice | null,
): Promise<AttemptResult> => {
  try {
    const ask = job.request.kind === 'embedding' ? embedding : completion
    const response = await ask(scheduler, job, signal)
    const usage =
      response.inputTokens === null || response.outputTokens === null
        ? null
        : { input: response.inputTokens, output: response.outputTokens }
    return { kind: 'answered', response, usage, costUsd: costOf(price, response) }
  } catch (error) {
    if (signal.aborted) return { kind: 'aborted' }
    const failure =
      error instanceof ProviderFailure
        ? error
        : new ProviderFailure(
            'bad-response',
            `the provider failed: ${error instanceof Error ? error.message : String(error)}`,
            { cause: error },
          )
    return { kind: 'failed', failure, retryable: isRetryable(failure), ...billOf(failure, price, job.worst.usd) }
  }
}

/**
 * What a failure cost. A request whose answer was lost may have been billed in full: it is booked at its worst case, so that
 * the ledger never says less than the bill.
 */
const billOf = (failure: ProviderFailure, price: TokenPrice | null, worstUsd: number | null): Bill => {
  if (failure.inputTokens !== null || failure.outputTokens !== null) {
    const usage = { input: failure.inputTokens ?? 0, output: failure.outputTokens ?? 0 }
    const tokens = { inputTokens: usage.input, outputTokens: usage.output, cachedInputTokens: null }
    return { usage, costUsd: costOf(price, tokens) }
  }
  return mayHaveBeenBilled(failure)
    ? { usage: null, costUsd: worstUsd }
    : { usage: { input: 0, output: 0 }, costUsd: 0 }
}
