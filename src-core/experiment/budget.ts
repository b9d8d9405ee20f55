import type { Budget } from '../domain/objective.ts'

/** The most one attempt can use. `usd` null: the price is unknown. */
export type WorstCase = { readonly tokens: number; readonly usd: number | null }

/** What an attempt did use; null where nobody knows, which is then counted as its worst case. */
export type Used = { readonly tokens: number | null; readonly usd: number | null }

export type Spent = { readonly calls: number; readonly tokens: number; readonly usd: number }

/**
 * Money is counted in whole billionths of a dollar, rounded up: sums of them are exact up to nine million dollars, so that
 * reserving and releasing leaves no floating-point crumbs behind which a cap could leak.
 */
const nano = (usd: number): number => Math.ceil(usd * 1e9 - 1e-6)

export type BudgetGuard = {
  /** Reserves all of the attempts, or none and returns false: spend plus every reservation never exceeds a cap. */
  reserve(attempts: readonly WorstCase[]): boolean
  /** Ends a reservation: the attempt was sent and used so much. */
  settle(attempt: WorstCase, used: Used): void
  /** Ends a reservation of an attempt that was never sent. */
  release(attempt: WorstCase): void
  /** True where something is still reserved, so that room may yet appear. */
  pending(): boolean
  /** True where the caps of calls, tokens or dollars leave no room for one more attempt, however small. */
  spentUp(): boolean
  /** Pure question about time; the caller owns the clock. */
  timeUp(elapsedMs: number): boolean
  spent(): Spent
}

/**
 * A hard cap. It can be kept only where the worst case is known: `missingBounds` must have been empty. More than the worst
 * case can be used only where a server bills beyond the limits it was given; that is counted, and nothing more is let out.
 */
export const createBudgetGuard = (budget: Budget, before: Spent): BudgetGuard => {
  const cap = {
    calls: budget.calls ?? Number.POSITIVE_INFINITY,
    tokens: budget.tokens ?? Number.POSITIVE_INFINITY,
    nanoUsd: budget.usd === null ? Number.POSITIVE_INFINITY : Math.floor(budget.usd * 1e9 + 1e-6),
  }
  const spent = { calls: before.calls, tokens: before.tokens, nanoUsd: nano(before.usd) }
  const reserved = { calls: 0, tokens: 0, nanoUsd: 0 }
  const dollars = (attempt: WorstCase): number => (attempt.usd === null ? 0 : nano(attempt.usd))
  const unreserve = (attempt: WorstCase): void => {
    reserved.calls -= 1
    reserved.tokens -= attempt.tokens
    reserved.nanoUsd -= dollars(attempt)
  }
  return {
    reserve(attempts) {
      let tokens = 0
      let nanoUsd = 0
      for (const attempt of attempts) {
        if (attempt.usd === null && budget.usd !== null) return false
        tokens += attempt.tokens
        nanoUsd += dollars(attempt)
      }
      if (spent.calls + reserved.calls + attempts.length > cap.calls) return false
      if (spent.tokens + reserved.tokens + tokens > cap.tokens) return false
      if (spent.nanoUsd + reserved.nanoUsd + nanoUsd > cap.nanoUsd) return false
      reserved.calls += attempts.length
      reserved.tokens += tokens
      reserved.nanoUsd += nanoUsd
      return true
    },
    settle(attempt, used) {
      unreserve(attempt)
      spent.calls += 1
      spent.tokens += used.tokens ?? attempt.tokens
      spent.nanoUsd += used.usd === null ? dollars(attempt) : nano(used.usd)
    },
    release: unreserve,
    pending: () => reserved.calls > 0,
    spentUp: () =>
      spent.calls + reserved.calls >= cap.calls ||
      spent.tokens + reserved.tokens >= cap.tokens ||
      spent.nanoUsd + reserved.nanoUsd > cap.nanoUsd,
    timeUp: (elapsedMs) => budget.minutes !== null && elapsedMs >= budget.minutes * 60_000,
    spent: () => ({ calls: spent.calls, tokens: spent.tokens, usd: spent.nanoUsd / 1e9 }),
  }
}

/** What is known of a model's bounds before the run. */
export type ModelBounds = {
  readonly id: string
  readonly priceKnown: boolean
  readonly maxTokens: number | null
  readonly contextLength: number | null
}

/**
 * Why a cap could not be kept, one sentence each; empty where it can. A run with sentences is refused before its first call:
 * a dollar cap needs prices, and a cap on tokens or dollars needs an upper bound of what one answer may use.
 */
export const missingBounds = (budget: Budget, models: readonly ModelBounds[]): readonly string[] =>
  models.flatMap((model) => {
    const sentences: string[] = []
    if (budget.usd !== null && !model.priceKnown)
      sentences.push(
        `the price of model "${model.id}" is unknown, so a budget in dollars cannot be kept: give it a price (price: { inputPerMillion, outputPerMillion }, or price: 0), or use budget.calls or budget.tokens`,
      )
    if ((budget.usd !== null || budget.tokens !== null) && model.maxTokens === null && model.contextLength === null)
      sentences.push(
        `model "${model.id}" has no maxTokens and its context length is unknown, so one answer has no upper bound and the budget cannot be kept: set maxTokens`,
      )
    return sentences
  })

const utf8Length = (text: string): number => {
  let bytes = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    // A surrogate is half of a four-byte character.
    bytes += unit < 0x80 ? 1 : unit < 0x800 ? 2 : unit >= 0xd800 && unit <= 0xdfff ? 2 : 3
  }
  return bytes
}

/** Tokens a chat template may put around one message, and around the whole. Generous: known templates use 3 to 8. */
const tokensAroundMessage = 16
const tokensAroundAll = 32

/**
 * Upper bound of the tokens of a prompt: byte-level tokenizers never make more tokens than bytes, and each message costs its
 * role marks. Never more than the context, where that is known.
 */
export const worstInputTokens = (
  messages: readonly { readonly content: string }[],
  contextLength: number | null,
): number => {
  let tokens = tokensAroundAll
  for (const message of messages) tokens += utf8Length(message.content) + tokensAroundMessage
  return contextLength === null ? tokens : Math.min(tokens, contextLength)
}

/** Upper bound of an answer's tokens; null where nothing bounds it (only budgets without tokens and dollars allow that). */
export const worstOutputTokens = (maxTokens: number | null, contextLength: number | null): number | null =>
  maxTokens === null ? contextLength : contextLength === null ? maxTokens : Math.min(maxTokens, contextLength)
