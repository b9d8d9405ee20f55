import type { AnalysisPlan } from '../domain/objective.ts'
import { testFixed } from './fixed-tests.ts'
import type { PairTest } from './pair-test.ts'

/** How a registered design tests a pair, and what a reader must be told about it. */
export type Design = { readonly test: PairTest; readonly notes: readonly string[] }

/**
 * The one place where the design chooses the analysis. Until confidence sequences are wired in here, a sequential plan
 * gets the fixed analysis and says what that means.
 */
export const designOf = (plan: Pick<AnalysisPlan, 'design'>): Design =>
  plan.design === 'fixed'
    ? { test: testFixed, notes: [] }
    : {
        test: testFixed,
        notes: [
          'The plan asks for a sequential design, but these intervals and p-values are of a fixed one: they are valid for a single look at the finished run, not under peeking.',
        ],
      }
