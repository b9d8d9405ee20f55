import { z } from 'zod'

import { defaultAnalysis, metrics } from '../domain/objective.ts'
import { splits } from '../domain/test-case.ts'

const metric = z.enum(metrics)

export const objectivesSchema = z
  .partialRecord(
    metric,
    z.strictObject({ weight: z.number().positive().describe('Share of this objective; only ratios matter.') }),
  )
  .default({ quality: { weight: 1 } })
  .describe(`What matters, and how much. Known: ${metrics.join(', ')}.`)

export const constraintsSchema = z
  .partialRecord(metric, z.string())
  .default({})
  .describe('Limits that every variant must keep, like quality: ">= 0.85", cost: "<= $0.005", latency: "p95 <= 2s".')

export const gatesSchema = z
  .strictObject({
    passRate: z.string().optional().describe('Share of cells that pass, like ">= 0.9".'),
    caseMinimum: z
      .union([z.literal('all'), z.literal(false)])
      .default(false)
      .describe('all: fails when a case is below its minimum quality in every repetition.'),
    notWorseThanBaseline: z.boolean().default(false).describe('Fails when a variant is shown worse than the baseline.'),
  })
  .default({ caseMinimum: false, notWorseThanBaseline: false })
  .describe('Conditions that decide exit code 100, beside the constraints.')

export const analysisSchema = z
  .strictObject({
    primary: metric.default(defaultAnalysis.primary).describe('The metric that decides.'),
    alpha: z
      .number()
      .gt(0)
      .lt(0.5)
      .default(defaultAnalysis.alpha)
      .describe('Error rate of the whole family of comparisons.'),
    margin: z
      .number()
      .positive()
      .default(defaultAnalysis.margin)
      .describe('The largest difference that does not matter, in units of the primary metric.'),
    mde: z
      .number()
      .positive()
      .default(defaultAnalysis.mde)
      .describe('The smallest difference worth detecting, in units of the primary metric.'),
    family: z.enum(['baseline', 'all-pairs']).default(defaultAnalysis.family).describe('Which pairs are compared.'),
    design: z
      .enum(['fixed', 'sequential'])
      .default(defaultAnalysis.design)
      .describe('fixed: look once, at the end. sequential: valid at every look.'),
    cluster: z
      .string()
      .min(1)
      .nullable()
      .optional()
      .describe('Column whose equal values make cases dependent; null: each case for itself.'),
    costMetric: z
      .enum(['auto', 'usd', 'tokens'])
      .default(defaultAnalysis.costMetric)
      .describe('What cost means in comparisons.'),
  })
  .prefault({})
  .describe('The analysis, fixed before the first call. Changing it after data exist makes the report exploratory.')

const limit = z.number().positive().optional()

export const budgetSchema = z
  .strictObject({
    calls: z.int().positive().optional().describe('At most so many requests.'),
    tokens: z.int().positive().optional().describe('At most so many tokens, input and output.'),
    usd: limit.describe('At most so many US dollars.'),
    minutes: limit.describe('At most so many minutes.'),
  })
  .default({})
  .describe('Hard limits; the run stops before it would exceed one, and can be resumed.')

const split = z.enum(splits)

const splitSchema = z.union([
  z
    .strictObject({
      train: z.number().min(0).max(1).describe('Share of cases that optimizers may read.'),
      race: z.number().gt(0).max(1).describe('Share of cases that candidates compete on.'),
      holdout: z.number().gt(0).max(1).describe('Share of cases opened once, at the end.'),
    })
    .describe('Shares of the cases; they add up to 1.'),
  z
    .strictObject({
      column: z.string().min(1).describe('Column of the case file that says which part a case belongs to.'),
      map: z
        .record(z.string(), z.union([split, z.array(split).min(1)]))
        .describe('Value of the column: the part, or the parts its cases are divided among.'),
    })
    .describe('Parts by a column.'),
])

const optimizerNames = ['lineage', 'gepa', 'mipro', 'capo', 'successive-halving', 'genetic', 'random', 'tpe'] as const

export const evolveSchema = z
  .strictObject({
    prompt: z.string().min(1).optional().describe('Name of the prompt to start from; the baseline unless given.'),
    optimizer: z.enum(optimizerNames).default('lineage').describe('How candidates are made and chosen.'),
    roles: z
      .strictObject({
        task: z.string().optional().describe('Id of the model that answers the cases.'),
        proposer: z.string().optional().describe('Id of the model that writes candidates.'),
        judge: z.string().optional().describe('Id of the model that judges.'),
      })
      .default({})
      .describe('Which model does what.'),
    split: splitSchema.default({ train: 0.3, race: 0.4, holdout: 0.3 }).describe('Which cases are used for what.'),
  })
  .describe('How to improve a prompt (`promptlab evolve`).')

export type EvolveSection = z.output<typeof evolveSchema>
