import fc from 'fast-check'
import { expect, test } from 'vitest'
import { diffTexts } from './diff-lines.ts'

const sideOf = (diff: ReturnType<typeof diffTexts>, leftOut: 'added' | 'removed'): string =>
  diff.changes
    .filter(({ kind }) => kind !== leftOut)
    .map(({ text }) => text)
    .join('')

test('words, and white space counts', () => {
  const diff = diffTexts('be  kind', 'be kind')
  expect(diff.by).toBe('words')
  expect(diff.changes.some(({ kind }) => kind !== 'same')).toBe(true)
})

test('both texts can be read out of their difference', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', ' ', '\n', 'word', '{x}', 'é', '😀'), { maxLength: 40 })
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, text, (before, after) => {
      const diff = diffTexts(before, after)
      expect(sideOf(diff, 'added')).toBe(before)
      expect(sideOf(diff, 'removed')).toBe(after)
    }),
    { seed: 7, numRuns: 300 },
  )
})

test('texts that differ everywhere give up words, within half a second', () => {
  const noise = (salt: number): string =>
    Array.from({ length: 30_000 }, (_, n) => ((n * salt) % 9973).toString(36)).join(' ')
  const from = performance.now()
  const diff = diffTexts(noise(7), noise(31))
  expect(diff.by).not.toBe('words')
  expect(performance.now() - from).toBeLessThan(500)
  expect(sideOf(diff, 'removed')).toBe(noise(31))
})
