import { expect, test } from 'vitest'
import { flips } from './flips.ts'
import { drawn, outcome, scored } from './test/inputs.ts'

test('repetitions that disagree, apart from variants that do', () => {
  const [first, second, third] = flips(
    scored({
      // c000: both waver alike. c001: both are steady and differ. c002: steady and equal.
      a: [
        [1, 0, 1, 0],
        [1, 1, 1, 1],
        [1, 1, 1, 1],
      ],
      b: [
        [0, 1, 0, 1],
        [0, 0, 0, 0],
        [1, 1, 1, 1],
      ],
    }),
  )
  // Pairs of 4 repetitions: 2 x 2 of 6 disagree.
  expect(first).toMatchObject({ case: 'c000', within: 4 / 6 })
  expect(first?.between).toBeCloseTo(0.5 - 4 / 6, 12)
  expect(second).toMatchObject({ case: 'c001', within: 0, between: 1 })
  expect(third).toMatchObject({ case: 'c002', within: 0, between: 0 })
})

test('one repetition says nothing about wavering', () => {
  expect(flips(scored({ a: [1], b: [0] }))).toMatchObject([{ within: null, between: null }])
})

test('what variants disagree beyond wavering is about (p - q)^2 on average', () => {
  const cells = Array.from({ length: 2000 }, (_, c) =>
    (['a', 'b'] as const).flatMap((variant, v) =>
      [1, 2, 3].map((repetition) =>
        outcome({
          variant,
          case: `c${c}`,
          repetition,
          score: drawn(7 * c + repetition + 90_000 * v) < (v === 0 ? 0.3 : 0.7) ? 1 : 0,
        }),
      ),
    ),
  ).flat()
  const found = flips(cells)
  const mean = (values: readonly (number | null)[]) =>
    values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / values.length
  expect(mean(found.map((one) => one.between))).toBeCloseTo(0.16, 1)
  expect(mean(found.map((one) => one.within))).toBeCloseTo(0.42, 1)
})

test("a fallback model's answers are left out", () => {
  const [one] = flips(scored({ a: [[1, 0]] }, { substituted: true }).concat(scored({ a: [[1, 1]] })))
  expect(one?.within).toBe(0)
})
