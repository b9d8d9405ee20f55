import type { ModelResponse } from '../../src-core/domain/execution.ts'
import type { ModelReference, TokenPrice } from '../../src-core/domain/model.ts'
import { type WorstCase, worstInputTokens, worstOutputTokens } from '../../src-core/experiment/budget.ts'
import type { ProviderFailure } from '../../src-core/ports/provider.ts'
import type { CallRequest } from './call-types.ts'

/** The most one attempt can use: an upper bound of its prompt, and the longest answer the model may give. */
export const worstCaseOf = (
  request: CallRequest,
  model: ModelReference,
  facts: { readonly price: TokenPrice | null; readonly contextLength: number | null },
): WorstCase => {
  const schema = request.responseFormat ?? model.parameters.responseFormat
  const extra = schema === null || schema === undefined ? 0 : Buffer.byteLength(JSON.stringify(schema))
  const input = worstInputTokens(request.messages, facts.contextLength) + extra
  // An embedding has no answer to pay for.
  const output = request.kind === 'embedding' ? 0 : worstOutputTokens(model.parameters.maxTokens, facts.contextLength)
  const { price } = facts
  const dear = price === null ? 0 : Math.max(price.inputPerMillion, price.cachedInputPerMillion ?? 0)
  const usd =
    price === null
      ? null
      : output === null
        ? dear === 0 && price.outputPerMillion === 0
          ? 0
          : null
        : (input * dear + output * price.outputPerMillion) / 1e6
  return { tokens: input + (output ?? 0), usd }
}

/**
 * Whether a failed attempt may have been billed although nobody says how much: the request may have reached a model and
 * was lost on the way back. A server that answered with an error status did not run the model.
 */
export const mayHaveBeenBilled = (failure: ProviderFailure): boolean =>
  failure.httpStatus === null || failure.httpStatus < 400

/** US dollars; null where the price or a count of tokens is unknown. Cached input tokens are part of the input tokens. */
export const costOf = (
  price: TokenPrice | null,
  usage: Pick<ModelResponse, 'inputTokens' | 'outputTokens' | 'cachedInputTokens'>,
): number | null => {
  if (price === null) return null
  if (price.inputPerMillion === 0 && price.outputPerMillion === 0) return 0
  if (usage.inputTokens === null || usage.outputTokens === null) return null
  const cached = Math.min(usage.cachedInputTokens ?? 0, usage.inputTokens)
  const input = (usage.inputTokens - cached) * price.inputPerMillion
  return (
    (input +
      cached * (price.cachedInputPerMillion ?? price.inputPerMillion) +
      usage.outputTokens * price.outputPerMillion) /
    1e6
  )
}
