import { describe, expect, test } from 'vitest'
import { calibrateJudge } from './judge-calibration.ts'
import { type JudgeRating, judgeRatings } from './judge-table.ts'
import { renderHtml } from './render/html.ts'
import { renderMarkdown } from './render/markdown.ts'
import { renderTerminal } from './render/terminal.ts'
import { buildReport } from './report.ts'
import { drawn, inputOf, outcome } from './test/inputs.ts'

const cases = 400
const labelled = 150

/** People's ratings, and a judge that is kind to everyone and kinder to `long`. */
const rated = Array.from({ length: cases }, (_, c) =>
  (['plain', 'long'] as const).map((variant, v) => {
    const human = drawn(4 * c + v) < 0.6 ? 1 : 0
    const forgives = drawn(90_000 + 4 * c + v) < (variant === 'long' ? 0.6 : 0.1)
    return { case: `c${c}`, variant, repetition: 1, human, judge: human === 1 || forgives ? 1 : 0 }
  }),
).flat()

const outcomes = rated.map((one) => outcome({ case: one.case, variant: one.variant, score: one.judge }))
const input = inputOf(outcomes, { baseline: 'plain' })
const report = buildReport(input)
const ratings: JudgeRating[] = rated.slice(0, 2 * labelled).map((one) => ({ ...one, model: null }))
const clusterOf = (): null => null
const judge = calibrateJudge({ report, ratings, scores: input.outcomes, clusterOf })

describe('a judge corrected by a sample of human ratings', () => {
  test('a judge that favours one side makes it better; people do not', () => {
    expect(report.comparisons[0]?.verdict).toBe('better')
    const [difference] = judge.differences
    expect(difference?.judged).toBeGreaterThan(0.1)
    expect(difference?.ci?.[0]).toBeLessThan(0)
    expect(difference?.ci?.[1]).toBeGreaterThan(0)
    expect(difference).toMatchObject({ humanCases: labelled, judgedCases: cases - labelled, insufficient: null })
  })
  test('corrected means lie at what people say, with less error than the people asked alone', () => {
    for (const one of judge.means) {
      const truth = rated.filter((item) => item.variant === one.variant)
      const all = truth.reduce((sum, item) => sum + item.human, 0) / truth.length
      expect(one.ci?.[0]).toBeLessThan(all)
      expect(one.ci?.[1]).toBeGreaterThan(all)
      expect(one.se).toBeLessThan(Math.sqrt((0.6 * 0.4) / labelled))
      expect(one.lambda).toBeGreaterThan(0)
    }
  })
  test('agreement shows its table', () => {
    const { agreement } = judge
    expect(agreement?.items).toBe(2 * labelled)
    expect(agreement?.bias).toBeLessThan(0)
    expect(agreement?.table?.onlyHuman).toBe(0)
    const { bothPass, onlyHuman, onlyJudge, neither } = agreement?.table ?? {}
    expect((bothPass ?? 0) + (onlyHuman ?? 0) + (onlyJudge ?? 0) + (neither ?? 0)).toBe(2 * labelled)
  })
  test('swapping the sides negates', () => {
    const mirrored = calibrateJudge({
      report: buildReport({ ...input, baseline: 'long' }),
      ratings,
      scores: input.outcomes,
      clusterOf,
    })
    expect(mirrored.differences[0]?.corrected).toBeCloseTo(-(judge.differences[0]?.corrected ?? 0), 12)
  })
  test('scores that are not the judge’s own are left alone', () => {
    const other = calibrateJudge({
      report,
      ratings,
      scores: input.outcomes.map((one) => ({ ...one, score: 1 - one.score })),
      clusterOf,
    })
    expect(judge.usesScores).toBe(true)
    expect(other.usesScores).toBe(false)
    expect(other.differences[0]?.judgedCases).toBe(0)
  })
  test('clusters are the unit', () => {
    const paired = calibrateJudge({
      report,
      ratings,
      scores: input.outcomes,
      clusterOf: (id) => String(Math.floor(Number(id.slice(1)) / 2)),
    })
    expect(paired.means[0]?.humanCases).toBe(labelled / 2)
  })
  test('without any human rating there is no correction, and the reason is said', () => {
    const none = calibrateJudge({
      report,
      ratings: ratings.map((one) => ({ ...one, human: null })),
      scores: [],
      clusterOf,
    })
    expect(none.agreement).toBeNull()
    expect(none.means[0]).toMatchObject({ corrected: null, ci: null, insufficient: 'no unit has a human rating' })
  })
  test('ratings of something the report does not hold', () => {
    const strange = [{ ...(ratings[0] as JudgeRating), variant: 'other' }]
    expect(() => calibrateJudge({ report, ratings: strange, scores: [], clusterOf })).toThrow(
      'other on m, which the results do not hold',
    )
  })
  test('every report says it', () => {
    const full = { ...report, judge }
    for (const page of [renderTerminal(full, { width: 100 }), renderMarkdown(full), renderHtml(full)]) {
      expect(page).toContain('Judge, corrected by people')
      expect(page).toContain('people would say')
    }
    expect(renderTerminal(report, { width: 100 })).not.toContain('corrected')
  })
})

describe('a table of ratings', () => {
  const row = (cells: Record<string, string | number | null>, line = 2) => ({ line, cells })
  test('an empty human rating is none, words and numbers mean the same', () => {
    const read = judgeRatings(
      [
        row({ case: 1, variant: 'a', human: '', judge: 'pass' }),
        row({ case: 2, variant: 'a', human: 0.5, judge: '1' }),
      ],
      null,
    )
    expect(read.map(({ human, judge: rating }) => [human, rating])).toEqual([
      [null, 1],
      [0.5, 1],
    ])
  })
  test('columns and rows that are wrong are all named', () => {
    expect(() => judgeRatings([row({ case: 1, variant: 'a', judge: 1 })], 'r.csv')).toThrow('no column `human`')
    expect(() => judgeRatings([row({ case: 1, variant: 'a', human: 4, judge: 1 })], null)).toThrow(
      'divide by the largest possible rating',
    )
    const twice = row({ case: 1, variant: 'a', human: 1, judge: 1 })
    expect(() => judgeRatings([twice, twice], null)).toThrow('rated twice')
  })
})

test('flips are part of the report where answers were repeated', () => {
  const repeated = [1, 2].flatMap((repetition) =>
    ['a', 'b'].map((variant) => outcome({ case: 'c1', variant, repetition, score: repetition === 1 ? 1 : 0 })),
  )
  expect(buildReport(inputOf(repeated)).flips).toMatchObject([{ case: 'c1', within: 1 }])
  expect(report.flips).toEqual([])
})
