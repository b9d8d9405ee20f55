import { afterAll, expect, test } from 'vitest'
import { objectOf, openWorkplace } from './test/cli.ts'

const place = openWorkplace()
afterAll(() => place[Symbol.dispose]())

const cases = Array.from({ length: 40 }, (_, c) => c)
/** People find `long` better in a few cases and worse in as many; the judge lets some of its wrong answers pass. */
const human = (c: number, variant: string): number =>
  variant === 'long' && (c % 10 === 3 || c % 10 === 4) ? c % 2 : 1 - (c % 2)
const judge = (c: number, variant: string): number => (variant === 'long' && c % 6 === 1 ? 1 : human(c, variant))
const rows = cases.flatMap((c) => ['plain', 'long'].map((variant) => ({ c, variant })))

place.write({
  'table.csv': ['case,variant,score', ...rows.map(({ c, variant }) => `${c},${variant},${judge(c, variant)}`)].join(
    '\n',
  ),
  'ratings.csv': [
    'case,variant,human,judge',
    ...rows.map(({ c, variant }) => `${c},${variant},${c < 20 ? human(c, variant) : ''},${judge(c, variant)}`),
  ].join('\n'),
  'strange.jsonl': '{"case":"1","variant":"other","human":1,"judge":1}\n',
})

test('--judge-calibration adds corrected means and differences, and leaves the plan alone', async () => {
  const ended = await place.run(['analyze', '--table', 'table.csv', '--judge-calibration', 'ratings.csv', '--json'])
  const report = objectOf(ended)
  const [difference] = report.judge?.differences ?? []
  expect(difference?.judged).toBeCloseTo(6 / 40, 12)
  expect(difference?.corrected).toBeLessThan(difference?.judged ?? 0)
  expect(difference).toMatchObject({ humanCases: 20, judgedCases: 20, ciLevel: 0.95 })
  expect(report.judge?.means.map((one) => one.variant)).toEqual(['plain', 'long'])
  expect(Object.keys(report.analysis).sort()).toEqual(
    ['alpha', 'cluster', 'costMetric', 'design', 'family', 'margin', 'mde', 'primary'].sort(),
  )
  const shown = await place.run(['analyze', '--table', 'table.csv', '--judge-calibration', 'ratings.csv'])
  expect(shown.stdout).toContain('Judge, corrected by people')
})

test('without it there is none; ratings of something else are a mistake with a name', async () => {
  expect(objectOf(await place.run(['analyze', '--table', 'table.csv', '--json'])).judge).toBeNull()
  const wrong = await place.start(['analyze', '--table', 'table.csv', '--judge-calibration', 'strange.jsonl', '--json'])
    .ended
  expect(wrong.code).toBe(1)
  expect(JSON.parse(wrong.stdout).error).toMatchObject({ code: 'usage' })
})
