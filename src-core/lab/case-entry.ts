import { z } from 'zod'

import { splits } from '../domain/test-case.ts'
import { evaluatorEntriesSchema } from '../evaluators/schema.ts'

/** Names that keep their meaning where a column has that name and nothing is mapped to it. */
export const reservedColumns = [
  'id',
  'expected',
  'minimumQuality',
  'weight',
  'tags',
  'split',
  'cluster',
  'evaluators',
] as const
export type ReservedColumn = (typeof reservedColumns)[number]

/** The reserved values of one case, whatever file it came from; variables are not named here. */
const reservedShape = {
  id: z
    .union([z.string().min(1), z.number()])
    .optional()
    .describe('Unique; case-<row number> unless given.'),
  expected: z
    .json()
    .optional()
    .describe(
      'The right answer, or a list of accepted ones; for set and contains-all the wanted set. In csv, tsv and xlsx a cell is one text, never a list.',
    ),
  minimumQuality: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('The case passes at this score; unless given, when all its evaluators pass.'),
  weight: z.number().positive().optional().describe('Its share in every mean; 1 unless given.'),
  tags: z
    .union([z.string(), z.array(z.string().min(1))])
    .optional()
    .describe('Labels: a list, or one text separated by commas.'),
  split: z.enum(splits).optional().describe('Which part of an evolution it belongs to.'),
  cluster: z
    .union([z.string().min(1), z.number()])
    .optional()
    .describe('Cases of one cluster (one document, one customer) are not independent.'),
  evaluators: evaluatorEntriesSchema.optional().describe('Evaluators of this case instead of those of the lab.'),
}
export const reservedSchema = z.strictObject(reservedShape)

const inlineCaseSchema = z
  .object(reservedShape)
  .catchall(z.json())
  .describe('One test case: reserved names keep their meaning, every other key is a variable.')

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])

const caseFileSchema = z
  .strictObject({
    file: z.string().min(1).describe('csv, tsv, jsonl, json, yaml or xlsx, relative to the lab file.'),
    sheet: z
      .union([z.string().min(1), z.int().positive()])
      .optional()
      .describe('xlsx: name or number of the sheet; the first unless given.'),
    columns: z
      .record(z.string(), z.string())
      .default({})
      .describe('Renames columns, ours: theirs. A renamed column loses its old name.'),
    tags: z.array(z.string().min(1)).default([]).describe('These columns are tags (column:value), not variables.'),
    where: z
      .record(z.string(), scalar)
      .default({})
      .describe("Keeps the rows whose columns have these values, by the file's own names."),
    limit: z.int().positive().optional().describe('The first n rows after the filter.'),
    sample: z
      .int()
      .positive()
      .optional()
      .describe('n rows drawn with the seed after the filter, in the order of the file.'),
  })
  .describe('Cases in a file.')

export const casesSchema = z
  .union([
    z.string().min(1).describe('A file of cases, relative to the lab file.'),
    caseFileSchema,
    z.array(inlineCaseSchema).describe('Cases written here.'),
  ])
  .describe('The test cases: a file, or a list.')

export type CaseFileEntry = z.output<typeof caseFileSchema>
export type ReservedValues = z.output<typeof reservedSchema>
