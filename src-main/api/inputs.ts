import { z } from 'zod'
import { splits } from '../../src-core/domain/test-case.ts'
import { cellTypes } from '../workspace/types.ts'

/** Shapes and size caps of what a window may send; strict, so that a misspelt member is an error and not ignored. */
export const rowId = z.int().positive()
export const name = z.string().trim().min(1).max(200)
export const shortText = z.string().max(2_000)
export const longText = z.string().max(1_000_000)
export const reference = z.string().min(1).max(200)
export const gesture = z.string().min(1).max(100).nullable().default(null)
export const reason = z.string().trim().min(1).max(2_000).nullable().default(null)

export const inProject = { project: rowId }
export const ofProject = z.strictObject(inProject)
export const page = { offset: z.int().min(0).max(100_000_000), limit: z.int().min(1).max(500) }

const role = z.enum(['system', 'user', 'assistant'])
export const template = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), text: longText }),
  z.strictObject({
    kind: z.literal('messages'),
    messages: z.array(z.strictObject({ role, content: longText })).max(200),
  }),
])

export const draftPatch = {
  template: template.optional(),
  description: shortText.optional(),
  tags: z.array(z.string().min(1).max(100)).max(100).optional(),
  active: z.boolean().optional(),
  isDefault: z.boolean().optional(),
}

export const columnKey = z.string().min(1).max(40)
export const columnKeys = z.array(columnKey).min(1).max(500)
export const cellType = z.enum(cellTypes)
export const cellValue = z.json()

export const caseFilter = z.strictObject({
  text: z.string().max(1_000).optional(),
  column: columnKey.optional(),
  tag: z.string().max(200).optional(),
  split: z.enum([...splits, 'none']).optional(),
})
export const caseQuery = z.strictObject({
  filter: caseFilter.default({}),
  sort: z
    .strictObject({ column: columnKey, direction: z.enum(['ascending', 'descending']) })
    .nullable()
    .default(null),
})
export const rowSelection = z.union([
  z.strictObject({ ids: z.array(rowId).min(1).max(100_000) }),
  z.strictObject({ filter: caseFilter }),
])

export const experiment = z.string().min(1).max(60)
export const cellNumber = z.int().min(0).max(100_000_000)
export const combination = z.strictObject({ variant: z.string().min(1).max(300), model: z.string().min(1).max(300) })
export const overrides = {
  alpha: z.number().gt(0).lt(0.5).optional(),
  margin: z.number().positive().max(1e9).optional(),
  family: z.enum(['baseline', 'all-pairs']).optional(),
  baseline: z.string().min(1).max(300).optional(),
}
export const budget = z.strictObject({
  calls: z.int().positive().max(1e12).optional(),
  tokens: z.int().positive().max(1e15).optional(),
  usd: z.number().positive().max(1e9).optional(),
  minutes: z.number().positive().max(1e9).optional(),
})
export const runSelection = z.strictObject({
  variants: z.array(z.string().min(1).max(300)).min(1).max(1_000).optional(),
  models: z.array(z.string().min(1).max(300)).min(1).max(1_000).optional(),
  split: z.enum([...splits, 'none']).optional(),
  limit: z.int().positive().max(100_000_000).optional(),
})
