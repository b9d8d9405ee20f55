import type { Metric } from '../domain/objective.ts'
import type { Combination, ExperimentReport } from '../domain/report.ts'
import { rowOf } from './aggregate.ts'
import { findBest } from './best.ts'
import { type Compared, compareAll } from './comparisons.ts'
import { checkConstraint } from './constraints.ts'
import { designOf } from './design.ts'
import { flips } from './flips.ts'
import { gatesOf } from './gates.ts'
import { judgingModels } from './judges.ts'
import { exploratoryReasons, notesOf } from './notes.ts'
import type { ReportInput } from './outcome.ts'
import { pairsOf, plannedPairs, valuesOf } from './pairs.ts'
import { detectableDifference } from './planning.ts'
import { recommend } from './recommend.ts'
import { meanOf, sampleOf } from './sample.ts'
import { caseSequences } from './sequence.ts'
import type { Side } from './side.ts'
import { gatherStudy, type Study } from './study.ts'

const primaryMean = (study: Study, side: Side, primary: Metric): number | null => {
  const values = valuesOf(side, primary, 'usd')
  return values === null ? null : meanOf(sampleOf(study, (c) => values[c] ?? Number.NaN))
}

const noGates = { passRate: null, caseMinimum: false, notWorseThanBaseline: false } as const

/** Gates speak of every variant but the baseline, which is judged only when it is alone. */
const gatedSides = (study: Study, baseline: string): readonly Side[] => {
  const others = study.sides.filter((side) => side.variant !== baseline)
  return others.length > 0 ? others : study.sides
}

const versions = ({ snapshot, reproduction }: ReportInput): ReadonlyMap<string, number> =>
  new Map([
    ...reproduction.variants.map(({ variant, version }) => [variant, version] as const),
    ...(snapshot?.variants ?? []).map(({ name, version }) => [name, version] as const),
  ])

const largestFamily = (compared: readonly Compared[], primary: Metric): number => {
  const sizes = { variants: 0, models: 0 }
  for (const { kind, finding } of compared) if (finding.metric === primary) sizes[kind]++
  return Math.max(sizes.variants, sizes.models)
}

/**
 * The whole analysis of statistics.md sections 1 to 4 from rows alone. Pure: equal input gives an equal report, in
 * whatever order the outcomes come.
 */
export const buildReport = (input: ReportInput): ExperimentReport => {
  const { plan, record, ledger, snapshot, outcomes } = input
  const study = gatherStudy(input)
  const judges = judgingModels(snapshot)
  const design = designOf(plan)
  const versionOf = versions(input)
  const rows = study.sides.map((side) =>
    rowOf(study, side, { version: versionOf.get(side.variant) ?? 1, level: 1 - plan.alpha }),
  )
  const compared = compareAll({
    study,
    plan,
    pairs: pairsOf(study, input),
    judges,
    analysis: design.analysis,
    sequences: design.ordered ? caseSequences(input, study) : null,
    plannedPairs: design.ordered ? plannedPairs(input) : null,
  })
  const comparisons = compared.map(({ comparison }) => comparison)
  const constraints = snapshot?.constraints ?? []
  const gates = gatedSides(study, input.baseline).flatMap((side) =>
    gatesOf({
      study,
      side,
      alpha: plan.alpha,
      constraints,
      gates: snapshot?.gates ?? noGates,
      cases: input.cases,
      comparisons,
      primary: plan.primary,
      baseline: input.baseline,
    }),
  )
  const standings = study.sides.map((side) => ({
    variant: side.variant,
    model: side.model,
    mean: primaryMean(study, side, plan.primary),
    feasible: constraints.every(
      (constraint) => checkConstraint({ side, study, constraint, alpha: plan.alpha }).passed !== false,
    ),
  }))
  const best = findBest(standings, comparisons, plan.primary)
  const exploratory = exploratoryReasons(input).length > 0
  const firstSide = study.sides.find((side) => side.variant === input.baseline) ?? study.sides[0]
  const reference: Combination | null =
    firstSide === undefined ? null : { variant: firstSide.variant, model: firstSide.model }
  return {
    experiment: record?.id ?? null,
    project: record?.project ?? snapshot?.project ?? null,
    status: record?.status ?? 'done',
    label: exploratory ? 'exploratory' : 'confirmatory',
    analysis: plan,
    notes: notesOf({ input, study, judges, design, family: largestFamily(compared, plan.primary) }),
    cells: record?.cells ?? outcomes.length,
    results: record?.results ?? outcomes.length,
    failed: record?.failed ?? outcomes.reduce((sum, outcome) => sum + (outcome.failed ? 1 : 0), 0),
    calls: ledger?.calls ?? 0,
    attempts: ledger?.attempts ?? 0,
    cached: ledger?.cached ?? outcomes.reduce((sum, outcome) => sum + (outcome.fromCache ? 1 : 0), 0),
    spentUsd: ledger?.spentUsd ?? null,
    unconfirmedUsd: ledger?.unconfirmedUsd ?? null,
    wallSeconds: input.wallSeconds,
    rows,
    comparisons,
    best: best.best,
    tiedWith: best.tiedWith,
    gates,
    minimumDetectableDifference: detectableDifference(compared, plan),
    recommendation: recommend({ plan, rows, compared, gates, best, reference, exploratory }),
    flips: flips(outcomes).filter((one) => one.within !== null),
    judge: null,
    reproduction: input.reproduction,
  }
}
