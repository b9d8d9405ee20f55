import type { Interval } from '../domain/report.ts'
import { wilson } from '../stats/proportions.ts'
import { designEffect, repetitionComponents } from '../stats/variance-components.ts'
import { meanOf, type Sample, sampleOf, unitsOf } from './sample.ts'
import type { Side } from './side.ts'
import type { Study } from './study.ts'

export type PassRate = {
  /** Weighted mean of the cases' pass rates; null where a result does not say whether it passed. */
  readonly rate: number | null
  readonly ci: Interval
  /** Independent units. */
  readonly units: number
}

/** Passes (1) and others (0) of every cell, by independent unit. */
const cellsByUnit = (side: Side, study: Study, sample: Sample): number[][] => {
  const groups = new Map<number, number[]>()
  for (const c of sample.caseNumbers) {
    const unit = study.unitOf[c] ?? c
    const group = groups.get(unit) ?? []
    const passed = side.passedCells[c] ?? 0
    for (let k = 0; k < (side.cells[c] ?? 0); k++) group.push(k < passed ? 1 : 0)
    groups.set(unit, group)
  }
  return [...groups.values()]
}

/** Kish's effective number of cases under weights over their number: (sum w)^2 / (n sum w^2). */
const weightEffect = ({ grouping, values }: Sample): number => {
  const { weights } = grouping
  if (weights === undefined) return 1
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const squares = weights.reduce((total, weight) => total + weight * weight, 0)
  return (values.length * squares) / (sum * sum)
}

/**
 * The pass rate with Wilson's interval on cells divided by the design effect 1 + (m - 1) ICC (statistics.md 4.5), m cells
 * per independent unit. Where all cells agree the ICC is unknown, and the units alone count: the cautious end.
 */
export const passRateOf = (side: Side, study: Study, level: number): PassRate => {
  const sample = sampleOf(study, (c) => side.means.passRate[c] ?? Number.NaN)
  const rate = meanOf(sample)
  const units = unitsOf(sample)
  if (!side.passKnown || rate === null) return { rate: null, ci: null, units }
  const cells = sample.caseNumbers.reduce((sum, c) => sum + (side.cells[c] ?? 0), 0)
  const perUnit = cells / units
  let effect = weightEffect(sample)
  if (perUnit > 1) {
    const components = repetitionComponents(cellsByUnit(side, study, sample))
    effect *= designEffect(perUnit, 'kind' in components ? 1 : components.icc)
  }
  const passes = Math.min(1, rate) * cells
  // A whole number of passes stays one, whatever the mean's last bit.
  const whole = Math.round(passes)
  const interval = wilson(Math.abs(passes - whole) < 1e-9 * cells ? whole : passes, cells, {
    level,
    designEffect: effect,
  })
  return { rate, ci: 'kind' in interval ? null : interval.ci, units }
}
