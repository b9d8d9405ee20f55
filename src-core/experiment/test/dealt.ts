import type { TestCase } from '../../domain/test-case.ts'
import { createPhilox } from '../../ports/philox.ts'
import { dealCells } from '../matrix.ts'
import type { Outcome, ReportInput } from '../outcome.ts'
import { ordinaryCase, storedInput } from './inputs.ts'

export const plainCase = (id: string): TestCase => ({
  id,
  inputs: {},
  expected: [],
  evaluators: null,
  minimumQuality: null,
  weight: 1,
  tags: [],
  split: null,
  cluster: null,
})

type Options = Parameters<typeof storedInput>[1]

/** A stored experiment with its cases: what a look finds when only `outcomes` are back. */
export const lookInput = (ids: readonly string[], outcomes: readonly Outcome[], options: Options): ReportInput => ({
  ...storedInput(outcomes, { ...options, snapshot: { cases: ids.map(plainCase), ...options?.snapshot } }),
  cases: new Map(ids.map((id) => [id, ordinaryCase])),
})

/** Case ids in the order in which the lab deals them (one model, one repetition). */
export const dealtOrder = (ids: readonly string[], outcomes: readonly Outcome[], options: Options): string[] => {
  const { snapshot } = lookInput(ids, outcomes, options)
  if (snapshot === null) throw new Error('a stored experiment has a snapshot')
  const deal = dealCells(snapshot, createPhilox(snapshot.seed))
  return Array.from({ length: deal.blocks }, (_, b) => ids[deal.cell(deal.block(b).first).case] ?? '')
}
