import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { LabError } from '../../src-core/domain/errors.ts'
import type { Execution } from '../../src-core/domain/execution.ts'
import { failureCodes } from '../../src-core/domain/execution.ts'
import type { ExperimentSnapshot } from '../../src-core/domain/experiment.ts'
import type { ExperimentReport } from '../../src-core/domain/report.ts'
import type { NewExperiment } from '../../src-core/ports/store.ts'
import { resourcePath } from '../package-root.ts'

/*
 * A run that is shipped with a sample: resources/samples/NAME/run/run.jsonl. The first line holds what was frozen before
 * the first call, every other line the outcome of a cell, in the order of the cells. Messages are not in it: they are
 * rendered anew from the snapshot, as those of every stored experiment.
 */

const headSchema = z.object({
  format: z.literal(1),
  sample: z.string(),
  startedAt: z.iso.datetime(),
  wallSeconds: z.number().nonnegative(),
  environment: z.object({
    labVersion: z.string(),
    node: z.string(),
    platform: z.string(),
    priceTableDate: z.string().nullable(),
    identities: z.record(
      z.string(),
      z.object({ digest: z.string().nullable(), contextLength: z.number().nullable(), simulated: z.boolean() }),
    ),
  }),
  /** Written by this program's own `store-sample-runs`, and held against the sample's lab file by a test. */
  snapshot: z.custom<ExperimentSnapshot>((value) => typeof value === 'object' && value !== null && 'variants' in value),
})

const known = z.number().nullable()

const outcomeSchema = z.object({
  variant: z.string(),
  model: z.string(),
  case: z.string(),
  repetition: z.int().positive(),
  servedModel: z.string().nullable(),
  output: z.string().nullable(),
  finishReason: z.enum(['stop', 'length', 'content-filter', 'tool-call', 'other']).nullable(),
  score: z.number(),
  passed: z.boolean(),
  scores: z.array(
    z.object({
      evaluator: z.string(),
      score: z.number(),
      passed: z.boolean(),
      reason: z.string(),
      failed: z.boolean(),
    }),
  ),
  failure: z.object({ code: z.enum(failureCodes), message: z.string() }).nullable(),
  inputTokens: known,
  outputTokens: known,
  cachedInputTokens: known,
  costUsd: known,
  latencyMs: known,
  firstTokenMs: known,
  startedAt: z.iso.datetime(),
})

export type SampleOutcome = z.output<typeof outcomeSchema>

export type SampleRun = {
  readonly sample: string
  readonly startedAt: string
  readonly wallSeconds: number
  readonly environment: Omit<NewExperiment['environment'], 'origin'>
  readonly snapshot: ExperimentSnapshot
  readonly outcomes: readonly SampleOutcome[]
}

const fileOf = (sample: string): string => resourcePath('samples', sample, 'run', 'run.jsonl')

/** The stored run of a sample. LabError 'not-found' where the sample has none. */
export const readSampleRun = async (sample: string): Promise<SampleRun> => {
  const text = await readFile(fileOf(sample), 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new LabError('not-found', `There is no stored run of the sample "${sample}": ${cause.message}.`, { cause })
  })
  const [head, ...lines] = text.trimEnd().split('\n')
  const { format: _, ...facts } = headSchema.parse(JSON.parse(head ?? ''))
  return { ...facts, outcomes: lines.map((line) => outcomeSchema.parse(JSON.parse(line))) }
}

/** The text of such a file, from a finished experiment. Cells that failed are kept as what they are. */
export const sampleRunText = (
  sample: string,
  source: {
    readonly snapshot: ExperimentSnapshot
    readonly report: ExperimentReport
    readonly startedAt: string
    readonly executions: readonly Execution[]
  },
): string => {
  const { snapshot, report, startedAt, executions } = source
  const { labVersion, node, platform, priceTableDate, models } = report.reproduction
  const head = {
    format: 1,
    sample,
    startedAt,
    wallSeconds: report.wallSeconds ?? 0,
    environment: {
      labVersion,
      node: node ?? '',
      platform: platform ?? '',
      priceTableDate,
      identities: Object.fromEntries(
        models.map((one) => [one.model, { digest: one.digest, contextLength: null, simulated: one.simulated }]),
      ),
    },
    snapshot,
  }
  // The schema picks the fields that are kept.
  const lines = executions.map((execution) => outcomeSchema.parse(execution))
  return `${[head, ...lines].map((line) => JSON.stringify(line)).join('\n')}\n`
}
