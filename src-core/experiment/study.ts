import type { ModelReference } from '../domain/model.ts'
import type { Outcome, ReportInput } from './outcome.ts'
import { byCodeUnit, gatherSide, type Side } from './side.ts'

export type Study = {
  /** In the order of the lab file; the baseline need not be the first. */
  readonly variants: readonly string[]
  readonly models: readonly string[]
  readonly caseIds: readonly string[]
  readonly weights: Float64Array
  /** Number of the independent unit each case belongs to, 0, 1, ... */
  readonly unitOf: Uint32Array
  readonly units: number
  readonly clustered: boolean
  readonly weighted: boolean
  /** Variant-major; combinations without any outcome are left out. */
  readonly sides: readonly Side[]
  /** Outcomes of blocks that the run did not finish: left out so that every comparison stays paired. */
  readonly droppedOutcomes: number
  /** Every case mean of every side is 0 or 1. */
  readonly binary: { readonly quality: boolean; readonly passRate: boolean }
}

/** Names in their declared order, then those that only the outcomes know, sorted: the order of outcomes must not matter. */
const orderedNames = (declared: Iterable<string>, found: ReadonlySet<string>): string[] => {
  const known = [...new Set(declared)].filter((name) => found.has(name))
  const listed = new Set(known)
  return [...known, ...[...found].filter((name) => !listed.has(name)).sort(byCodeUnit)]
}

const numbered = (names: readonly string[]): ReadonlyMap<string, number> => new Map(names.map((name, i) => [name, i]))

/** Position of each outcome's combination x case, and outcomes sorted by it and by repetition within. */
const sortIntoSlots = (outcomes: readonly Outcome[], slotOf: (outcome: Outcome) => number, slots: number) => {
  const start = new Uint32Array(slots + 1)
  const slot = new Uint32Array(outcomes.length)
  outcomes.forEach((outcome, i) => {
    const s = slotOf(outcome)
    slot[i] = s
    start[s + 1] = (start[s + 1] ?? 0) + 1
  })
  for (let s = 0; s < slots; s++) start[s + 1] = (start[s + 1] ?? 0) + (start[s] ?? 0)
  const next = start.slice()
  const order = new Uint32Array(outcomes.length)
  for (let i = 0; i < outcomes.length; i++) {
    const s = slot[i] ?? 0
    let at = next[s] ?? 0
    next[s] = at + 1
    const repetition = outcomes[i]?.repetition ?? 0
    // Insertion within the slot: it holds a handful of repetitions at most.
    while (at > (start[s] ?? 0) && (outcomes[order[at - 1] ?? 0]?.repetition ?? 0) > repetition) {
      order[at] = order[at - 1] ?? 0
      at--
    }
    order[at] = i
  }
  return { start, order }
}

/** Outcomes whose block (a case on a model, with all variants, at one repetition) the run completed. */
const completeBlocks = (input: ReportInput): readonly Outcome[] => {
  const { record, snapshot, outcomes } = input
  if (record === null || snapshot === null || record.status === 'done') return outcomes
  const block = (outcome: Outcome): string => `${outcome.model}\u0000${outcome.case}\u0000${outcome.repetition}`
  const seen = new Map<string, number>()
  for (const outcome of outcomes) seen.set(block(outcome), (seen.get(block(outcome)) ?? 0) + 1)
  return outcomes.filter((outcome) => seen.get(block(outcome)) === snapshot.variants.length)
}

const isDeterministic = (model: ModelReference | undefined): boolean =>
  model !== undefined && (model.deterministic || model.parameters.temperature === 0)

const allBinary = (sides: readonly Side[], metric: 'quality' | 'passRate'): boolean =>
  sides.every((side) => side.means[metric].every((mean) => Number.isNaN(mean) || mean === 0 || mean === 1))

/** Sorts outcomes into sides and cases. Depends on the set of outcomes alone, not on their order. */
export const gatherStudy = (input: ReportInput): Study => {
  const outcomes = completeBlocks(input)
  const found = { variants: new Set<string>(), models: new Set<string>(), cases: new Set<string>() }
  for (const outcome of outcomes) {
    found.variants.add(outcome.variant)
    found.models.add(outcome.model)
    found.cases.add(outcome.case)
  }
  const { snapshot, reproduction } = input
  const variants = orderedNames(
    (snapshot?.variants ?? []).map((v) => v.name).concat(reproduction.variants.map((v) => v.variant)),
    found.variants,
  )
  const models = orderedNames(
    (snapshot?.models ?? []).map((m) => m.id).concat(reproduction.models.map((m) => m.model)),
    found.models,
  )
  const caseIds = orderedNames(input.cases.keys(), found.cases)
  const [variantNumber, modelNumber, caseNumber] = [numbered(variants), numbered(models), numbered(caseIds)]
  const slotOf = (outcome: Outcome): number =>
    ((variantNumber.get(outcome.variant) ?? 0) * models.length + (modelNumber.get(outcome.model) ?? 0)) *
      caseIds.length +
    (caseNumber.get(outcome.case) ?? 0)
  const { start, order } = sortIntoSlots(outcomes, slotOf, variants.length * models.length * caseIds.length)
  const cellsIn = (slot: number): readonly Outcome[] => {
    const cells: Outcome[] = []
    for (let i = start[slot] ?? 0; i < (start[slot + 1] ?? 0); i++) {
      const outcome = outcomes[order[i] ?? 0]
      if (outcome !== undefined) cells.push(outcome)
    }
    return cells
  }
  const references = new Map((snapshot?.models ?? []).map((model) => [model.id, model]))
  const sides: Side[] = []
  variants.forEach((variant, v) => {
    models.forEach((model, m) => {
      const first = (v * models.length + m) * caseIds.length
      if ((start[first] ?? 0) === (start[first + caseIds.length] ?? 0)) return
      sides.push(
        gatherSide({
          variant,
          model,
          cases: caseIds.length,
          cellsOf: (c) => cellsIn(first + c),
          sameOutputIsCopy: snapshot === null || isDeterministic(references.get(model)),
          sameNumbersAreCopy: snapshot === null,
        }),
      )
    })
  })
  const weights = Float64Array.from(caseIds, (id) => input.cases.get(id)?.weight ?? 1)
  const clusters = new Map<string, number>()
  const unitOf = Uint32Array.from(caseIds, (id) => {
    const cluster = input.cases.get(id)?.cluster ?? null
    const key = cluster === null ? `case ${id}` : `cluster ${cluster}`
    const unit = clusters.get(key) ?? clusters.size
    clusters.set(key, unit)
    return unit
  })
  return {
    variants,
    models,
    caseIds,
    weights,
    unitOf,
    units: clusters.size,
    clustered: clusters.size < caseIds.length,
    weighted: weights.some((weight) => weight !== weights[0]),
    sides,
    droppedOutcomes: input.outcomes.length - outcomes.length,
    binary: { quality: allBinary(sides, 'quality'), passRate: allBinary(sides, 'passRate') },
  }
}

export const sideOf = (study: Study, variant: string, model: string): Side | undefined =>
  study.sides.find((side) => side.variant === variant && side.model === model)
