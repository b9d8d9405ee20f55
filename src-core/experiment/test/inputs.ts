import type { ExperimentRecord, ExperimentSnapshot } from '../../domain/experiment.ts'
import { contentHash, experimentId } from '../../domain/ids.ts'
import { defaultTimeouts, type ModelReference } from '../../domain/model.ts'
import { type AnalysisPlan, defaultAnalysis } from '../../domain/objective.ts'
import type { PromptVariant } from '../../domain/prompt.ts'
import type { CaseFacts, Outcome, ReportInput } from '../outcome.ts'

/** An outcome with everything ordinary but what a test is about. */
export const outcome = (given: Partial<Outcome> & Pick<Outcome, 'variant' | 'case' | 'score'>): Outcome => ({
  model: 'm',
  repetition: 1,
  passed: given.score === 1,
  failed: false,
  substituted: false,
  servedModel: null,
  inputTokens: null,
  outputTokens: null,
  costUsd: null,
  latencyMs: null,
  outputHash: null,
  fromCache: false,
  ...given,
})

/** The same value for n cases. */
export const filled = <T>(n: number, value: T): T[] => Array.from({ length: n }, () => value)

export const ordinaryCase: CaseFacts = { weight: 1, minimumQuality: null, cluster: null }

/** Outcomes of variants with one score per case; a score may be a list of repetitions. */
export const scored = (
  variants: Readonly<Record<string, readonly (number | readonly number[])[]>>,
  more: Partial<Outcome> = {},
): Outcome[] =>
  Object.entries(variants).flatMap(([variant, cases]) =>
    cases.flatMap((scores, c) =>
      (typeof scores === 'number' ? [scores] : scores).map((score, r) =>
        outcome({ variant, case: `c${String(c).padStart(3, '0')}`, score, repetition: r + 1, ...more }),
      ),
    ),
  )

type Options = {
  readonly plan?: Partial<AnalysisPlan>
  readonly baseline?: string
  readonly facts?: (id: string, index: number) => Partial<CaseFacts>
  readonly planChanged?: boolean
}

const unique = (names: readonly string[]): string[] => [...new Set(names)]

export const inputOf = (outcomes: readonly Outcome[], options: Options = {}): ReportInput => {
  const variants = unique(outcomes.map((one) => one.variant))
  const models = unique(outcomes.map((one) => one.model))
  const ids = unique(outcomes.map((one) => one.case)).sort()
  return {
    record: null,
    snapshot: null,
    outcomes,
    cases: new Map(ids.map((id, i) => [id, { ...ordinaryCase, ...options.facts?.(id, i) }])),
    plan: { ...defaultAnalysis, ...options.plan },
    planChanged: options.planChanged ?? false,
    baseline: options.baseline ?? variants[0] ?? '',
    ledger: null,
    wallSeconds: null,
    reproduction: {
      labVersion: '0.1.0',
      node: null,
      platform: null,
      seed: null,
      snapshotHash: null,
      planHash: null,
      casesHash: null,
      variants: variants.map((variant) => ({ variant, version: 1, hash: '' })),
      models: models.map((model) => ({
        model,
        provider: '',
        name: '',
        digest: null,
        parameters: null,
        simulated: false,
      })),
      evaluators: [],
      priceTableDate: null,
    },
  }
}

export const modelOf = (id: string, more: Partial<ModelReference> = {}): ModelReference => ({
  id,
  provider: 'openai',
  model: id,
  parameters: {
    temperature: null,
    topP: null,
    seed: null,
    maxTokens: null,
    stop: [],
    responseFormat: null,
  },
  baseUrl: null,
  apiKeyEnv: null,
  headers: {},
  price: null,
  fallback: [],
  experiment: true,
  concurrency: null,
  deterministic: false,
  exclusive: false,
  timeouts: defaultTimeouts,
  options: {},
  ...more,
})

const variantOf = (name: string): PromptVariant => ({
  name,
  version: 3,
  hash: contentHash('ab'),
  template: { kind: 'text', text: '{input}' },
  variables: ['input'],
  description: '',
  tags: [],
  active: true,
  isDefault: false,
  parents: [],
  createdBy: 'lab-file',
})

type StoredOptions = Options & {
  readonly snapshot?: Partial<ExperimentSnapshot>
  readonly record?: Partial<ExperimentRecord>
}

/** The same as of a stored experiment, whose plan was registered. */
export const storedInput = (outcomes: readonly Outcome[], options: StoredOptions = {}): ReportInput => {
  const input = inputOf(outcomes, options)
  const variants = unique(outcomes.map((one) => one.variant))
  const snapshot: ExperimentSnapshot = {
    project: 'spam',
    seed: 7,
    variants: variants.map(variantOf),
    cases: [],
    models: unique(outcomes.map((one) => one.model)).map((id) => modelOf(id)),
    evaluators: [],
    baseline: input.baseline,
    repetitions: 1,
    cache: 'read-write',
    objectives: [],
    constraints: [],
    gates: { passRate: null, caseMinimum: false, notWorseThanBaseline: false },
    analysis: input.plan,
    budget: { calls: null, tokens: null, usd: null, minutes: null },
    concurrency: 4,
    interleaveModels: false,
    ...options.snapshot,
  }
  const record: ExperimentRecord = {
    id: experimentId('e1'),
    project: 'spam',
    status: 'done',
    startedAt: '2026-01-01T00:00:00Z',
    finishedAt: '2026-01-01T00:01:00Z',
    cells: outcomes.length,
    results: outcomes.length,
    failed: outcomes.filter((one) => one.failed).length,
    snapshotHash: 'aa',
    planHash: 'bb',
    labVersion: '0.1.0',
    ...options.record,
  }
  return { ...input, snapshot, record }
}

/** Reproducible numbers in [0, 1) without a generator's state. */
export const drawn = (index: number): number => {
  let h = Math.imul(index + 1, 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32
}
