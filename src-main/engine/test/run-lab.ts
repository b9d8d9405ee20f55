import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EvaluatorSpec } from '../../../src-core/domain/evaluator.ts'
import type { Execution } from '../../../src-core/domain/execution.ts'
import type { ExperimentSnapshot } from '../../../src-core/domain/experiment.ts'
import { contentHash, type ExperimentId, experimentId } from '../../../src-core/domain/ids.ts'
import { defaultTimeouts, type ModelReference, type TokenPrice } from '../../../src-core/domain/model.ts'
import { defaultAnalysis } from '../../../src-core/domain/objective.ts'
import type { PromptVariant } from '../../../src-core/domain/prompt.ts'
import type { TestCase } from '../../../src-core/domain/test-case.ts'
import { cellKeys, dealCells } from '../../../src-core/experiment/matrix.ts'
import { createPhilox } from '../../../src-core/ports/philox.ts'
import type { Provider } from '../../../src-core/ports/provider.ts'
import type { Store } from '../../../src-core/ports/store.ts'
import { systemClock } from '../../clock.ts'
import { createOpenAiProvider } from '../../providers/openai.ts'
import { createScheduler } from '../../scheduler/scheduler.ts'
import { openStore } from '../../store/open-store.ts'
import { startRun } from '../engine-host.ts'
import { warmEngine } from '../engine-thread.ts'
import type { RunDependencies, RunHandle, RunOptions } from '../run-types.ts'

/** Real store, real HTTP, real thread: a lab as small as a test needs. */
export const model = (id: string, baseUrl: string, more: Partial<ModelReference> = {}): ModelReference => ({
  id,
  provider: 'openai',
  model: 'loopback',
  parameters: { temperature: 0, topP: null, seed: null, maxTokens: 16, stop: [], responseFormat: null },
  baseUrl,
  apiKeyEnv: null,
  headers: {},
  price: { inputPerMillion: 1, outputPerMillion: 2, cachedInputPerMillion: null },
  fallback: [],
  experiment: true,
  concurrency: null,
  deterministic: false,
  exclusive: false,
  timeouts: defaultTimeouts,
  options: {},
  ...more,
})

const sha256 = (text: string) => contentHash(createHash('sha256').update(text).digest('hex'))

export const variant = (name: string, text: string): PromptVariant => ({
  name,
  version: 1,
  hash: sha256(text),
  template: { kind: 'text', text },
  variables: ['input'],
  description: '',
  tags: [],
  active: true,
  isDefault: false,
  parents: [],
  createdBy: 'lab-file',
})

export const testCase = (n: number): TestCase => ({
  id: `case-${n}`,
  inputs: { input: `message number ${n}` },
  expected: [n % 2 === 0 ? 'spam' : 'ham'],
  evaluators: null,
  minimumQuality: null,
  weight: 1,
  tags: [],
  split: null,
  cluster: null,
})

export const evaluator = (type: string, params: EvaluatorSpec['params'] = {}, threshold = 1): EvaluatorSpec => ({
  type,
  name: type,
  weight: 1,
  threshold,
  negate: false,
  field: 'output',
  params,
})

export const snapshotOf = (
  models: readonly ModelReference[],
  cases: number,
  more: Partial<ExperimentSnapshot> = {},
): ExperimentSnapshot => ({
  project: 'engine',
  seed: 7,
  variants: [variant('plain', 'Spam or ham? {input}'), variant('guided', 'Answer spam or ham.\n{input}')],
  cases: Array.from({ length: cases }, (_, n) => testCase(n)),
  models,
  evaluators: [evaluator('equals')],
  baseline: 'plain',
  repetitions: 1,
  cache: 'off',
  objectives: [{ metric: 'quality', weight: 1 }],
  constraints: [],
  gates: { passRate: null, caseMinimum: false, notWorseThanBaseline: false },
  analysis: defaultAnalysis,
  budget: { calls: null, tokens: null, usd: null, minutes: null },
  concurrency: 8,
  interleaveModels: false,
  ...more,
})

export type TestHost = {
  readonly store: Store
  readonly deps: RunDependencies
  readonly path: string
  start(snapshot: ExperimentSnapshot, more?: Partial<RunOptions>): Promise<RunHandle>
  resume(id: ExperimentId, more?: Partial<RunOptions>): Promise<RunHandle>
  executions(id: ExperimentId): Promise<readonly Execution[]>
  close(): Promise<void>
}

export type TestHostOptions = {
  readonly path?: string
  readonly secrets?: (name: string) => string | undefined
  readonly services?: RunDependencies['services']
  readonly maxPages?: number
  /** Instead of the OpenAI client. */
  readonly provider?: Provider
  /** Divides the waits of retries, so that a test with many faults ends soon. */
  readonly hurry?: number
  readonly priceOf?: (model: ModelReference) => TokenPrice | null
}

export const openTestHost = async (options: TestHostOptions = {}): Promise<TestHost> => {
  warmEngine()
  const folder = mkdtempSync(join(tmpdir(), 'engine-'))
  const path = options.path ?? join(folder, 'lab.db')
  const store = await openStore({ path, ...(options.maxPages === undefined ? {} : { maxPages: options.maxPages }) })
  const provider = options.provider ?? createOpenAiProvider({ secrets: options.secrets ?? (() => undefined) })
  const scheduler = createScheduler({
    providers: { get: async () => provider },
    clock: { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / (options.hurry ?? 1), signal) },
    random: createPhilox(1),
  })
  const deps: RunDependencies = {
    store,
    scheduler,
    priceOf: options.priceOf ?? ((one) => one.price),
    services: options.services ?? {
      matchRegex: async (pattern, flags, text) => {
        const match = new RegExp(pattern, flags).exec(text)
        return match === null ? { kind: 'no-match' } : { kind: 'match', text: match[0], groups: [...match].slice(1) }
      },
      runScript: async () => ({ kind: 'error', message: 'no scripts here' }),
    },
    clock: systemClock,
  }
  const owner = `test-${process.pid}-${Math.round(performance.now() * 1000)}`
  const identitiesOf = (snapshot: ExperimentSnapshot) =>
    Object.fromEntries(snapshot.models.map((one) => [one.id, { digest: null, contextLength: 4096, simulated: false }]))
  let runs = 0
  return {
    store,
    deps,
    path,
    async start(snapshot, more = {}) {
      const id = experimentId(`run-${owner}-${++runs}`)
      const variants = await Promise.all(snapshot.variants.map((one) => store.registerVariant(snapshot.project, one)))
      const frozen = { ...snapshot, variants }
      const identities = identitiesOf(frozen)
      await store.createExperiment({
        id,
        snapshot: frozen,
        planHash: sha256('plan'),
        snapshotHash: sha256(JSON.stringify(frozen)),
        owner,
        leaseMs: 30_000,
        startedAt: systemClock.now(),
        environment: {
          labVersion: '0',
          node: process.version,
          platform: process.platform,
          priceTableDate: null,
          identities,
        },
        cells: cellKeys(frozen, dealCells(frozen, createPhilox(frozen.seed))),
      })
      return startRun(deps, { experiment: id, snapshot: frozen, identities, resume: null, owner, ...more })
    },
    async resume(id, more = {}) {
      if (!(await store.lease(id, owner, 30_000))) throw new Error('the lease is held')
      const snapshot = await store.snapshot(id)
      const resume = await store.runState(id)
      return startRun(deps, { experiment: id, snapshot, identities: identitiesOf(snapshot), resume, owner, ...more })
    },
    async executions(id) {
      return store.executions(id, {}, { after: -1, limit: 1_000_000 })
    },
    async close() {
      scheduler.dispose()
      await provider.dispose()
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
