import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ModelResponse } from '../../../src-core/domain/execution.ts'
import type { ExperimentSnapshot } from '../../../src-core/domain/experiment.ts'
import { type CellId, callId, contentHash, type ExperimentId, experimentId } from '../../../src-core/domain/ids.ts'
import { defaultTimeouts, type ModelReference } from '../../../src-core/domain/model.ts'
import { defaultAnalysis } from '../../../src-core/domain/objective.ts'
import type { PromptVariant } from '../../../src-core/domain/prompt.ts'
import type { TestCase } from '../../../src-core/domain/test-case.ts'
import type { AttemptSent, Call, CallEnd, CellOutcome, NewExperiment } from '../../../src-core/ports/store.ts'
import { hashOf } from '../../services/identity.ts'
import { cellOf } from '../keys.ts'

/** A folder that is removed when the test ends, even where it fails. */
export const temporaryFolder = () => {
  const path = mkdtempSync(join(tmpdir(), 'prompt-lab-store-'))
  return {
    path,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }),
  }
}

export const start = '2026-01-02T03:04:05.678Z'

export const variantOf = (name: string, text: string): PromptVariant => ({
  name,
  version: 1,
  hash: hashOf({ kind: 'text', text }),
  template: { kind: 'text', text },
  variables: ['input'],
  description: '',
  tags: [],
  active: true,
  isDefault: false,
  parents: [],
  createdBy: 'lab-file',
})

export const modelOf = (id: string): ModelReference => ({
  id,
  provider: 'openai',
  model: `served-${id}`,
  parameters: { temperature: 0, topP: null, seed: null, maxTokens: 16, stop: [], responseFormat: null },
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
})

export const caseOf = (n: number): TestCase => ({
  id: `case-${n}`,
  inputs: { input: `text ${n} with {braces} and "quotes"` },
  expected: [`answer ${n}`],
  evaluators: null,
  minimumQuality: null,
  weight: 1,
  tags: [],
  split: null,
  cluster: null,
})

export type Shape = {
  readonly id?: string
  readonly project?: string
  readonly cases?: number
  readonly variants?: readonly string[]
  readonly models?: readonly string[]
  readonly repetitions?: number
  readonly owner?: string
  readonly leaseMs?: number
}

export const experimentOf = (shape: Shape = {}): NewExperiment => {
  const { cases = 3, variants = ['plain', 'guided'], models = ['small'], repetitions = 1 } = shape
  const snapshot: ExperimentSnapshot = {
    project: shape.project ?? 'spam',
    seed: 7,
    variants: variants.map((name) => variantOf(name, `${name}: {input}`)),
    cases: Array.from({ length: cases }, (_, n) => caseOf(n)),
    models: models.map(modelOf),
    evaluators: [
      {
        type: 'equals',
        name: 'equals',
        weight: 1,
        threshold: 1,
        negate: false,
        field: 'output',
        params: { ignoreCase: true },
      },
    ],
    baseline: variants[0] ?? '',
    repetitions,
    cache: 'read-write',
    objectives: [{ metric: 'quality', weight: 1 }],
    constraints: [],
    gates: { passRate: null, caseMinimum: false, notWorseThanBaseline: false },
    analysis: defaultAnalysis,
    budget: { calls: null, tokens: null, usd: null, minutes: null },
    concurrency: 4,
    interleaveModels: false,
  }
  return {
    id: experimentId(shape.id ?? '20260102-0304-abcd'),
    snapshot,
    planHash: hashOf({ ...snapshot.analysis, baseline: snapshot.baseline }),
    snapshotHash: hashOf(snapshot),
    owner: shape.owner ?? 'owner-1',
    leaseMs: shape.leaseMs ?? 30_000,
    startedAt: start,
    environment: {
      labVersion: '0.1.0',
      node: 'v24.0.0',
      platform: 'linux-x64',
      priceTableDate: '2026-01-01',
      identities: Object.fromEntries(
        models.map((id) => [id, { digest: `sha256:${id}`, contextLength: 4096, simulated: false }]),
      ),
    },
    cells: snapshot.cases.flatMap((testCase, block) =>
      models.flatMap((model) =>
        variants.flatMap((variant) =>
          Array.from({ length: repetitions }, (_, index) => ({
            variant,
            model,
            case: testCase.id,
            repetition: index + 1,
            block,
          })),
        ),
      ),
    ),
  }
}

export const cellIn = (experiment: ExperimentId, n: number): CellId => cellOf(experiment, n)

export const callIn = (experiment: ExperimentId, n: number, model = 'small'): Call => {
  const purpose = `task:${cellIn(experiment, n)}`
  return { id: callId(purpose), experiment, kind: 'task', purpose, cell: cellIn(experiment, n), model, messages: null }
}

export const attemptOf = (call: Call, n = 1, maxCostUsd: number | null = 0.01): AttemptSent => ({
  call: call.id,
  n,
  model: call.model,
  maxCostUsd,
  sentAt: start,
})

export const responseOf = (output: string): ModelResponse => ({
  output,
  finishReason: 'stop',
  servedModel: 'served-by-name',
  inputTokens: 120,
  outputTokens: 30,
  cachedInputTokens: null,
  latencyMs: 51.25,
  firstTokenMs: 12.5,
  batched: false,
})

/** A key as the engine makes them: SHA-256 in hexadecimal. */
export const keyOf = (value: unknown) => contentHash(hashOf(value))

export const endOf = (call: Call, options: Partial<CallEnd> = {}): CallEnd => ({
  call: call.id,
  attempt: 1,
  final: true,
  response: responseOf(`answer to ${call.purpose}`),
  failure: null,
  httpStatus: 200,
  costUsd: 0.002,
  endedAt: '2026-01-02T03:04:06.000Z',
  cacheKey: null,
  ...options,
})

export const outcomeOf = (call: Call, options: Partial<CellOutcome> = {}): CellOutcome => ({
  cell: call.cell as CellId,
  call: call.id,
  response: responseOf(`answer to ${call.purpose}`),
  failure: null,
  answeredBy: call.model,
  score: 1,
  passed: true,
  scores: [
    { evaluator: 'equals', score: 1, passed: true, reason: 'the output equals the expected answer', failed: false },
  ],
  costUsd: 0.002,
  fromCache: false,
  attempts: 1,
  startedAt: start,
  traceId: null,
  metadata: null,
  ...options,
})
