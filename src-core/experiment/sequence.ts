import { createPhilox } from '../ports/philox.ts'
import { shuffled } from '../ports/random.ts'
import { dealCells } from './matrix.ts'
import type { ReportInput } from './outcome.ts'
import type { Pair } from './pairs.ts'
import type { Sample } from './sample.ts'
import { byCodeUnit } from './side.ts'
import type { Study } from './study.ts'

/** Cases of one independent unit, as places in a sample's values; units in the order in which they became complete. */
export type Stream = {
  readonly units: readonly (readonly number[])[]
  /** Units the plan has; fixed before the first call, so a sequence may be tuned to it. */
  readonly planned: number
  /** Largest total weight of a planned unit. */
  readonly largestWeight: number
}

export type Sequences = (pair: Pair, sample: Pick<Sample, 'caseNumbers'>) => Stream

/** When a case's last cell on a model is dealt; for a table made elsewhere, its place in a seeded shuffle. */
type Deals = (model: string, caseId: string) => number

/** Seed of the order of tables: their rows may be sorted by difficulty, which a sequence must not follow. */
const tableSeed = 5

const shuffledDeals = (ids: readonly string[]): Deals => {
  const places = new Map(shuffled(createPhilox(tableSeed), 'sequence', ids).map((id, i) => [id, i]))
  return (_, id) => places.get(id) ?? 0
}

const dealtDeals = ({ snapshot }: ReportInput): Deals | null => {
  if (snapshot === null || snapshot.cases.length === 0) return null
  const deal = dealCells(snapshot, createPhilox(snapshot.seed))
  const last = new Map<string, number>()
  for (let index = 0; index < deal.cells; index++) {
    const cell = deal.cell(index)
    // Blocks come in ascending order, so the last one written is the latest.
    last.set(`${snapshot.models[cell.model]?.id}\u0000${snapshot.cases[cell.case]?.id}`, cell.block)
  }
  return (model, id) => last.get(`${model}\u0000${id}`) ?? Number.MAX_SAFE_INTEGER
}

/** Has the run every cell of a case on a model? Only a finished run may answer yes for all. */
const settledIn = ({ record, snapshot, outcomes }: ReportInput): ((model: string, id: string) => boolean) => {
  if (record === null || snapshot === null || record.status === 'done') return () => true
  const counts = new Map<string, number>()
  for (const { model, case: id } of outcomes) {
    const key = `${model}\u0000${id}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const wanted = snapshot.variants.length * snapshot.repetitions
  return (model, id) => counts.get(`${model}\u0000${id}`) === wanted
}

/**
 * The order in which a sequential analysis takes in its units: as dealt, which is random. What arrives early because it was
 * quick to answer must not be favoured, so an unfinished run contributes the longest prefix of the dealt order that is
 * complete in all repetitions of both sides, and no unit beyond.
 */
export const caseSequences = (input: ReportInput, study: Study): Sequences => {
  const ids = [...input.cases.keys()]
  const deals = dealtDeals(input) ?? shuffledDeals([...ids].sort(byCodeUnit))
  const settled = settledIn(input)
  const members = new Map<string, string[]>()
  for (const id of ids) {
    const cluster = input.cases.get(id)?.cluster ?? null
    const key = cluster === null ? `case ${id}` : `cluster ${cluster}`
    members.set(key, [...(members.get(key) ?? []), id])
  }
  const weightOf = (id: string): number => input.cases.get(id)?.weight ?? 1
  const largestWeight = Math.max(
    ...[...members.values()].map((cases) => cases.reduce((sum, id) => sum + weightOf(id), 0)),
  )
  const unitKeys = new Map([...members].flatMap(([key, cases]) => cases.map((id) => [id, key] as const)))
  const orders = new Map<string, readonly string[]>()
  const orderOf = (models: readonly string[]): readonly string[] => {
    const name = models.join('\u0000')
    const known = orders.get(name)
    if (known !== undefined) return known
    const positioned = [...members].map(([key, cases]) => ({
      key,
      position: Math.max(...cases.flatMap((id) => models.map((model) => deals(model, id)))),
      settled: cases.every((id) => models.every((model) => settled(model, id))),
    }))
    positioned.sort((a, b) => a.position - b.position || byCodeUnit(a.key, b.key))
    const open = positioned.findIndex((unit) => !unit.settled)
    const order = positioned.slice(0, open === -1 ? undefined : open).map((unit) => unit.key)
    orders.set(name, order)
    return order
  }
  return ({ baseline, candidate }, { caseNumbers }) => {
    const places = new Map<string, number[]>()
    caseNumbers.forEach((c, i) => {
      const key = unitKeys.get(study.caseIds[c] ?? '') ?? ''
      places.set(key, [...(places.get(key) ?? []), i])
    })
    const order = orderOf([...new Set([baseline.model, candidate.model])])
    return {
      units: order.flatMap((key) => [places.get(key) ?? []].filter((unit) => unit.length > 0)),
      planned: members.size,
      largestWeight,
    }
  }
}
