import type { ExperimentSnapshot } from '../domain/experiment.ts'
import { isLocal, type ModelReference, type TokenPrice } from '../domain/model.ts'
import type { Message } from '../domain/prompt.ts'
import { worstInputTokens } from './budget.ts'
import { dealCells, type MatrixSpec } from './matrix.ts'

/** Numbers from earlier runs or a probe of one model; null where not known. */
export type ObservedRate = {
  /** Milliseconds of one call at the concurrency it is used with. */
  readonly latencyMs: number | null
  readonly outputTokens: number | null
}

export type EstimateOptions = {
  /** Renders one cell; null where the case lacks a variable. */
  readonly render: (variant: number, testCase: number) => readonly Message[] | null
  readonly priceOf: (model: ModelReference) => TokenPrice | null
  /** By model id. */
  readonly observed?: Readonly<Record<string, ObservedRate>>
  /** Judge and embedding calls that one cell causes, by model id; the evaluators know. */
  readonly judgeCallsPerCell?: Readonly<Record<string, number>>
}

/** Part of the `plan` object of the contract: ranges, and null where nothing can be known. */
export type Estimate = {
  readonly cells: number
  /** Wanted answers, judges' included; retries come on top. */
  readonly calls: number
  readonly tokens: { readonly input: number; readonly output: number }
  readonly usd: { readonly low: number; readonly high: number } | null
  readonly minutes: { readonly low: number; readonly high: number } | null
}

/** Characters per token of ordinary prose and code with today's vocabularies lie between 3 and 5. */
const charactersPerToken = 4
/** A short answer and a long one, in tokens, where neither a limit nor an earlier run says more. */
const shortAnswer = 8
const longAnswer = 512
/** Milliseconds of one call where nothing was observed: [low, high]. */
const guessLatency = { remote: [400, 4000], local: [300, 20_000] } as const
/** At most so many rendered cells are measured; the rest are taken to be alike. */
const sampleSize = 400

type Sum = { low: number; high: number }

/** Says before the run what it will take. Deterministic, sends nothing. */
export const estimateRun = (
  snapshot: MatrixSpec & Pick<ExperimentSnapshot, 'concurrency'>,
  options: EstimateOptions,
): Estimate => {
  const columns = snapshot.models.filter((model) => model.experiment)
  const cells = dealCells(snapshot, { uniform: () => 0 }).cells
  const perModel = columns.length === 0 ? 0 : cells / columns.length
  const prompt = meanPrompt(snapshot, options)

  const usd: Sum = { low: 0, high: 0 }
  let priced = true
  let calls = 0
  let input = 0
  let output = 0
  const remote: Sum = { low: 0, high: 0 }
  const minutes: Sum = { low: 0, high: 0 }
  const slowest: Sum = { low: 0, high: 0 }

  const add = (model: ModelReference, count: number): void => {
    const observed = options.observed?.[model.id]
    const limit = model.parameters.maxTokens
    const answer: Sum =
      observed?.outputTokens != null
        ? { low: observed.outputTokens * 0.8, high: observed.outputTokens * 1.25 }
        : { low: Math.min(shortAnswer, limit ?? shortAnswer), high: Math.min(longAnswer, limit ?? longAnswer) }
    calls += count
    input += count * prompt.mean
    output += (count * (answer.low + answer.high)) / 2
    const price = options.priceOf(model)
    if (price === null) priced = false
    else {
      usd.low += (count * (prompt.mean * 0.8 * price.inputPerMillion + answer.low * price.outputPerMillion)) / 1e6
      usd.high += (count * (prompt.mean * 1.3 * price.inputPerMillion + answer.high * price.outputPerMillion)) / 1e6
    }
    const local = isLocal(model)
    const guess = guessLatency[local ? 'local' : 'remote']
    const latency: Sum =
      observed?.latencyMs != null
        ? { low: observed.latencyMs * 0.8, high: observed.latencyMs * 1.5 }
        : { low: guess[0], high: guess[1] }
    const lanes = model.exclusive ? 1 : Math.min(snapshot.concurrency, model.concurrency ?? (local ? 1 : Infinity))
    // Local models follow one another; remote ones share the run's concurrency, and none is faster than its own lanes.
    for (const end of ['low', 'high'] as const) {
      const busy = (count * latency[end]) / 60_000
      if (local) minutes[end] += busy / lanes
      else {
        remote[end] += busy / snapshot.concurrency
        slowest[end] = Math.max(slowest[end], busy / lanes)
      }
    }
  }
  for (const model of columns) add(model, perModel)
  for (const [id, perCell] of Object.entries(options.judgeCallsPerCell ?? {})) {
    const model = snapshot.models.find((candidate) => candidate.id === id)
    if (model !== undefined && perCell > 0) add(model, perCell * cells)
  }
  for (const end of ['low', 'high'] as const) minutes[end] += Math.max(remote[end], slowest[end])
  return {
    cells,
    calls: Math.round(calls),
    tokens: { input: Math.round(input), output: Math.round(output) },
    usd: priced ? usd : null,
    minutes,
  }
}

/** Mean input tokens of a rendered prompt, from an even sample of cases with the variants in turn. */
const meanPrompt = (snapshot: MatrixSpec, options: EstimateOptions): { readonly mean: number } => {
  const samples = Math.min(sampleSize, snapshot.variants.length * snapshot.cases.length)
  let tokens = 0
  let measured = 0
  for (let sample = 0; sample < samples; sample++) {
    const testCase = Math.floor((sample * snapshot.cases.length) / samples)
    const messages = options.render(sample % snapshot.variants.length, testCase)
    if (messages === null) continue
    const characters = messages.reduce((sum, message) => sum + message.content.length, 0)
    tokens += Math.min(characters / charactersPerToken + 6 * messages.length, worstInputTokens(messages, null))
    measured++
  }
  return { mean: measured === 0 ? 0 : tokens / measured }
}
