import { z } from 'zod'

import { evaluatorEntriesSchema } from '../evaluators/schema.ts'
import {
  analysisSchema,
  budgetSchema,
  constraintsSchema,
  evolveSchema,
  gatesSchema,
  objectivesSchema,
} from './analysis-entry.ts'
import { casesSchema } from './case-entry.ts'
import { modelSchema } from './model-entry.ts'
import { promptSchema } from './prompt-entry.ts'

/**
 * The shape of a lab file. No transforms, so that the JSON schema in resources/ says the same; what shapes cannot say
 * (references, units, variables) is checked in build-snapshot.ts.
 */
export const labSchema = z
  .strictObject({
    $schema: z.string().optional().describe('For editors; not read.'),
    name: z
      .string()
      .min(1)
      .max(200)
      .describe('The project: prompts, cases and history of equal names in two labs never mix.'),
    description: z.string().optional().describe('What this lab is about; not read.'),
    seed: z.int().min(0).default(1).describe('Everything random in a run follows from it.'),
    prompts: z.array(promptSchema).min(1).describe('The variants to compare.'),
    cases: casesSchema,
    models: z.array(modelSchema).min(1).describe('The models to run them on.'),
    evaluators: evaluatorEntriesSchema
      .default([])
      .describe('How an answer is judged. The score is their weighted mean.'),
    baseline: z
      .string()
      .min(1)
      .optional()
      .describe('Name of the prompt the others are compared with; the first unless given.'),
    repetitions: z
      .int()
      .positive()
      .max(1000)
      .default(1)
      .describe('How often each case is asked. More cases teach more than more repetitions.'),
    cache: z
      .enum(['read-write', 'off', 'only'])
      .default('read-write')
      .describe('Answers to equal questions are kept and used again; only: never call a model.'),
    objectives: objectivesSchema,
    constraints: constraintsSchema,
    gates: gatesSchema,
    analysis: analysisSchema,
    budget: budgetSchema,
    concurrency: z
      .int()
      .positive()
      .max(1024)
      .default(4)
      .describe("Calls at once over all models; a model's own limit wins."),
    interleaveModels: z.boolean().default(false).describe('true: gives up keeping one local model resident at a time.'),
    evolve: evolveSchema.optional(),
  })
  .describe('A lab: prompts, cases, models and how to judge them.')

/** A lab as a program writes it: what the file may say, before defaults. */
export type LabObject = z.input<typeof labSchema>
export type LabFile = z.output<typeof labSchema>
