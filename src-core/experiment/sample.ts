import { weightedMean } from '../stats/describe.ts'
import type { Study } from './study.ts'

/** Values of some cases with what is needed to weigh and cluster them, in the shape the statistics take. */
export type Sample = {
  readonly values: readonly number[]
  readonly caseNumbers: readonly number[]
  readonly grouping: {
    /** Absent where all cases weigh the same. */
    readonly weights?: readonly number[]
    /** Number of the cluster of each case; absent where every case stands for itself. */
    readonly clusters?: readonly number[]
  }
}

/** The cases of a study for which `value` is known (not NaN), in the study's order. */
export const sampleOf = (study: Study, value: (caseNumber: number) => number): Sample => {
  const values: number[] = []
  const caseNumbers: number[] = []
  for (let c = 0; c < study.caseIds.length; c++) {
    const v = value(c)
    if (Number.isNaN(v)) continue
    values.push(v)
    caseNumbers.push(c)
  }
  return {
    values,
    caseNumbers,
    grouping: {
      ...(study.weighted ? { weights: caseNumbers.map((c) => study.weights[c] ?? 1) } : {}),
      ...(study.clustered ? { clusters: caseNumbers.map((c) => study.unitOf[c] ?? c) } : {}),
    },
  }
}

/** Weighted mean; null for no cases. */
export const meanOf = ({ values, grouping }: Sample): number | null =>
  values.length === 0 ? null : weightedMean(values, grouping.weights ?? values.map(() => 1))

/** Independent units: clusters, or cases where there are none. */
export const unitsOf = ({ values, grouping }: Sample): number =>
  grouping.clusters === undefined ? values.length : new Set(grouping.clusters).size
