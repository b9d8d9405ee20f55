import { LabError } from '../domain/errors.ts'
import type { Combination, ExperimentReport, JudgeAgreement, JudgeCorrection, JudgeReport } from '../domain/report.ts'
import { cohenKappa } from '../stats/agreement.ts'
import { mean } from '../stats/describe.ts'
import {
  type JudgedItem,
  type JudgedPair,
  type PredictionPowered,
  ppiOfUnits,
  ppiPaired,
} from '../stats/judge-correction.ts'
import { krippendorffAlpha } from '../stats/krippendorff.ts'
import type { Insufficient } from '../stats/result.ts'
import { gwetAc1 } from '../stats/weighted-kappa.ts'
import type { JudgeRating } from './judge-table.ts'
import type { Outcome } from './outcome.ts'
import { listed, plural } from './wording.ts'

/** Fewer human ratings than this are told to be few (statistics.md section 7). */
export const wantedHumanRatings = 100

export type JudgeCalibrationFacts = {
  readonly report: ExperimentReport
  readonly ratings: readonly JudgeRating[]
  /** The run's own cells. A failed one scores 0, as people would have it. */
  readonly scores: readonly Pick<Outcome, 'case' | 'variant' | 'model' | 'repetition' | 'score'>[]
  readonly clusterOf: (caseId: string) => string | null
}

type Item = Omit<JudgeRating, 'model'> & { readonly model: string }

const keyOf = (item: Pick<Item, 'case' | 'variant' | 'model' | 'repetition'>): string =>
  JSON.stringify([item.variant, item.model, item.case, item.repetition])

const sideKey = ({ variant, model }: Combination): string => JSON.stringify([variant, model])

/** Ratings with their model named; a combination that the report does not hold is a mistake in the file. */
const itemsOf = ({ report, ratings }: JudgeCalibrationFacts): Item[] => {
  const models = [...new Set(report.rows.map((row) => row.model))]
  const known = new Set(report.rows.map(sideKey))
  return ratings.map((rating) => {
    const model = rating.model ?? (models.length === 1 ? models[0] : undefined)
    if (model === undefined) {
      throw new LabError('usage', `The ratings need a column \`model\`: the results are of ${listed(models)}.`)
    }
    const item = { ...rating, model }
    if (!known.has(sideKey(item))) {
      throw new LabError('usage', `The ratings speak of ${item.variant} on ${model}, which the results do not hold.`)
    }
    return item
  })
}

const same = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9

/** Cells that only the run knows, where its scores are the judge's: every cell in both tables agrees. */
const unratedCells = ({ scores }: JudgeCalibrationFacts, items: readonly Item[]): Item[] => {
  const rated = new Map(items.map((item) => [keyOf(item), item.judge]))
  const common = scores.filter((cell) => rated.has(keyOf(cell)))
  if (common.length === 0 || !common.every((cell) => same(cell.score, rated.get(keyOf(cell)) ?? -1))) return []
  return scores.flatMap((cell) => (rated.has(keyOf(cell)) ? [] : [{ ...cell, human: null, judge: cell.score }]))
}

const isBinary = (values: readonly number[]): boolean => values.every((value) => value === 0 || value === 1)

const orNull = <T extends number>(value: T | Insufficient): number | null => (typeof value === 'number' ? value : null)

const agreementOf = (items: readonly Item[]): JudgeAgreement | null => {
  const rated = items.filter((item): item is Item & { human: number } => item.human !== null)
  const human = rated.map((item) => item.human)
  const judge = rated.map((item) => item.judge)
  const [humanMean, judgeMean] = [mean(human), mean(judge)]
  if (humanMean === null || judgeMean === null) return null
  const binary = isBinary([...human, ...judge])
  const count = (h: number, j: number): number => rated.filter((item) => item.human === h && item.judge === j).length
  const table = { bothPass: count(1, 1), onlyHuman: count(1, 0), onlyJudge: count(0, 1), neither: count(0, 0) }
  const square = [
    [table.bothPass, table.onlyHuman],
    [table.onlyJudge, table.neither],
  ]
  const kappa = binary ? cohenKappa(square) : null
  return {
    items: rated.length,
    bias: humanMean - judgeMean,
    meanAbsoluteError: mean(rated.map((item) => Math.abs(item.human - item.judge))) ?? 0,
    alpha: orNull(krippendorffAlpha([human, judge], binary ? 'nominal' : 'interval')),
    kappa: kappa === null || 'kind' in kappa ? null : kappa.kappa,
    ac1: binary ? orNull(gwetAc1(square)) : null,
    table: binary ? table : null,
  }
}

const correctionOf = (
  result: PredictionPowered | Insufficient,
  own: { readonly judged: number | null; readonly level: number; readonly human: number; readonly all: number },
): JudgeCorrection => {
  const common = { judged: own.judged, ciLevel: own.level }
  if ('kind' in result) {
    const missing = { corrected: null, se: null, ci: null, lambda: null, insufficient: result.detail }
    return { ...common, ...missing, humanCases: own.human, judgedCases: own.all - own.human }
  }
  return {
    ...common,
    corrected: result.estimate,
    se: result.se,
    ci: [result.ci[0], result.ci[1]],
    lambda: result.lambda,
    humanCases: result.labelled,
    judgedCases: result.unlabelled,
    insufficient: null,
  }
}

const countUnits = (units: readonly (string | number)[]): number => new Set(units).size

/** Both sides of a case: of the repetitions that people rated on both sides, else of all. */
const pairsOfCases = (a: readonly Item[], b: readonly Item[], unitOf: (id: string) => string): JudgedPair[] => {
  const byCase = (items: readonly Item[]): Map<string, Item[]> => {
    const cases = new Map<string, Item[]>()
    for (const item of items) cases.set(item.case, [...(cases.get(item.case) ?? []), item])
    return cases
  }
  const candidates = byCase(b)
  const average = (items: readonly Item[], value: (item: Item) => number): number => mean(items.map(value)) ?? 0
  return [...byCase(a)].flatMap(([id, before]): JudgedPair[] => {
    const after = candidates.get(id)
    if (after === undefined) return []
    const rated = (items: readonly Item[]): Item[] => items.filter((item) => item.human !== null)
    const [first, second] = [rated(before), rated(after)]
    const known = first.length > 0 && second.length > 0
    const [from, to] = known ? [first, second] : [before, after]
    const human = (items: readonly Item[]): number => average(items, (item) => item.human ?? 0)
    const judge = (items: readonly Item[]): number => average(items, (item) => item.judge)
    return [
      {
        unit: unitOf(id),
        human: known ? { baseline: human(from), candidate: human(to) } : null,
        judge: { baseline: judge(from), candidate: judge(to) },
      },
    ]
  })
}

const notesOf = (agreement: JudgeAgreement | null, usesScores: boolean, unrated: number): string[] => {
  const items = agreement?.items ?? 0
  return [
    'The correction holds when the rated answers are a random sample of all answers, stratified by variant, and the raters did not see which variant gave them.',
    ...(items < wantedHumanRatings
      ? [`Only ${plural(items, 'human rating')}; ${wantedHumanRatings} or more make corrected intervals useful.`]
      : []),
    ...(usesScores ? ["The run's scores are the judge's own, so its other cells count as judged too."] : []),
    ...(!usesScores && unrated === 0
      ? ['Every judged answer has a human rating, so the corrected figures are those of the people alone.']
      : []),
  ]
}

/**
 * Corrects a judge by a sample of human ratings: agreement, means per variant and model, and paired differences for the
 * report's quality comparisons at their simultaneous level, all by PPI++ on independent units (statistics.md section 7).
 * Throws LabError `usage` for ratings of something the report does not hold.
 */
export const calibrateJudge = (facts: JudgeCalibrationFacts): JudgeReport => {
  const { report, clusterOf } = facts
  const given = itemsOf(facts)
  const others = unratedCells(facts, given)
  const items = [...given, ...others]
  const unitOf = (id: string): string => {
    const cluster = clusterOf(id)
    return cluster === null ? `case ${id}` : `cluster ${cluster}`
  }
  const bySide = new Map<string, Item[]>()
  for (const item of items) {
    const key = sideKey(item)
    const side = bySide.get(key)
    if (side === undefined) bySide.set(key, [item])
    else side.push(item)
  }
  const sideOf = (combination: Combination): readonly Item[] => bySide.get(sideKey(combination)) ?? []
  const level = 1 - report.analysis.alpha
  const means = report.rows.map(({ variant, model }) => {
    const own = sideOf({ variant, model }).map((item): JudgedItem => ({ ...item, unit: unitOf(item.case) }))
    const counts = {
      judged: mean(own.map((item) => item.judge)),
      level,
      human: countUnits(own.filter((item) => item.human !== null).map((item) => item.unit)),
      all: countUnits(own.map((item) => item.unit)),
    }
    return { variant, model, ...correctionOf(ppiOfUnits(own, { level }), counts) }
  })
  const differences = report.comparisons
    .filter((comparison) => comparison.metric === 'quality')
    .map(({ baseline, candidate, ciLevel }) => {
      const pairs = pairsOfCases(sideOf(baseline), sideOf(candidate), unitOf)
      const counts = {
        judged: mean(pairs.map((pair) => pair.judge.candidate - pair.judge.baseline)),
        level: ciLevel,
        human: countUnits(pairs.filter((pair) => pair.human !== null).map((pair) => pair.unit)),
        all: countUnits(pairs.map((pair) => pair.unit)),
      }
      return { baseline, candidate, ...correctionOf(ppiPaired(pairs, { level: ciLevel }), counts) }
    })
  const agreement = agreementOf(given)
  const usesScores = others.length > 0
  const humanItems = given.filter((item) => item.human !== null).length
  return {
    items: items.length,
    humanItems,
    usesScores,
    agreement,
    means,
    differences,
    notes: notesOf(agreement, usesScores, items.length - humanItems),
  }
}
