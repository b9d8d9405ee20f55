import type { AnalysisPlan } from '../domain/objective.ts'
import { fixedAnalysis } from './fixed-tests.ts'
import type { PairAnalysis } from './pair-test.ts'
import { sequentialAnalysis } from './sequential-tests.ts'

/** How a registered design tests a pair, and what a reader must be told about it. */
export type Design = {
  readonly analysis: PairAnalysis
  /** The analysis takes its units one after another and must know their order. */
  readonly ordered: boolean
  readonly notes: readonly string[]
}

/** The one place where the design chooses the analysis. */
export const designOf = (plan: Pick<AnalysisPlan, 'design'>): Design =>
  plan.design === 'fixed'
    ? { analysis: fixedAnalysis, ordered: false, notes: [] }
    : {
        analysis: sequentialAnalysis,
        ordered: true,
        notes: [
          'Sequential design: comparisons use confidence sequences and always-valid p-values, so the run may be watched and stopped at any time. Intervals of single rows and numbers of further cases are those of a fixed design; a sequential one may need about twice as many.',
        ],
      }
