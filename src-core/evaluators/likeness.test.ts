import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cosine, levenshteinSimilarity, longestCommonSubsequence } from './similarity-of-text.ts'
import { onlyScore } from './test/cell.ts'

/** Made by the packages that `source` names; see testdata/likeness.json. */
const reference = JSON.parse(readFileSync(new URL('./testdata/likeness.json', import.meta.url), 'utf8')) as {
  readonly rows: readonly {
    readonly candidate: string
    readonly references: readonly string[]
    readonly bleu: number
    readonly rougeL: number
    readonly tokenF1: number
  }[]
}

describe('agreement with the reference implementations', () => {
  it.each(reference.rows)('$candidate', async ({ candidate, references, bleu, rougeL, tokenF1 }) => {
    expect((await onlyScore({ type: 'bleu' }, candidate, references)).score).toBeCloseTo(bleu, 12)
    expect((await onlyScore({ type: 'rouge-l' }, candidate, references)).score).toBeCloseTo(rougeL, 12)
    expect((await onlyScore({ type: 'token-f1' }, candidate, references)).score).toBeCloseTo(tokenF1, 12)
  })
})

describe('edges', () => {
  it.each<[string, string, string, number]>([
    ['levenshtein', 'kitten', 'sitting', 1 - 3 / 7],
    ['levenshtein', '', '', 1],
    ['levenshtein', '', 'abc', 0],
    ['levenshtein', '👍a', '👎a', 0.5],
    ['levenshtein', '👍👍', '👍', 0.5],
    ['levenshtein', 'a\r\n', 'a', 1],
    ['token-f1', 'The cat.', 'cat', 1],
    ['token-f1', '', 'cat', 0],
    ['token-f1', 'the', 'a', 1],
    ['token-f1', '北京市', '北京', 0.8],
    ['rouge-l', 'Ünïcode wörds', 'ünïcode WÖRDS', 1],
    ['rouge-l', '', '', 1],
    ['bleu', '', 'cat', 0],
    ['bleu', 'cat', '', 0],
  ])('%s of %j and %j is %d', async (type, output, expected, wanted) => {
    expect((await onlyScore({ type }, output, [expected])).score).toBeCloseTo(wanted, 12)
  })

  it('is quick on an output of 1 MB, and refuses what would take minutes', async () => {
    const big = 'word and another '.repeat(60_000)
    const start = performance.now()
    for (const type of ['levenshtein', 'token-f1', 'rouge-l', 'bleu']) {
      expect((await onlyScore({ type }, big, ['a short answer'])).failed).toBe(false)
    }
    expect(await onlyScore({ type: 'levenshtein' }, big, [`${big}!`])).toMatchObject({ score: 0, failed: true })
    expect(await onlyScore({ type: 'rouge-l' }, big, [`${big}!`])).toMatchObject({ score: 0, failed: true })
    expect(performance.now() - start).toBeLessThan(5000)
  })

  it('passes at 0.5 unless told otherwise', async () => {
    expect((await onlyScore({ type: 'levenshtein' }, 'ab', ['ax'])).passed).toBe(true)
    expect((await onlyScore({ type: 'levenshtein', threshold: 0.6 }, 'ab', ['ax'])).passed).toBe(false)
  })
})

const naiveSubsequence = (a: readonly string[], b: readonly string[]): number => {
  const [[x, ...as], [y, ...bs]] = [a, b]
  if (x === undefined || y === undefined) return 0
  return x === y ? 1 + naiveSubsequence(as, bs) : Math.max(naiveSubsequence(as, b), naiveSubsequence(a, bs))
}

const naiveDistance = (a: readonly string[], b: readonly string[]): number => {
  const [[x, ...as], [y, ...bs]] = [a, b]
  if (x === undefined || y === undefined) return a.length + b.length
  return x === y
    ? naiveDistance(as, bs)
    : 1 + Math.min(naiveDistance(as, b), naiveDistance(a, bs), naiveDistance(as, bs))
}

describe('properties', () => {
  const letters = fc.array(fc.constantFrom('a', 'b', 'é', '👍', '👎'), { maxLength: 6 })

  it('equals the definitions', () => {
    fc.assert(
      fc.property(letters, letters, (a, b) => {
        expect(longestCommonSubsequence(a, b)).toBe(naiveSubsequence(a, b))
        const longest = Math.max(a.length, b.length)
        const wanted = longest === 0 ? 1 : 1 - naiveDistance(a, b) / longest
        expect(levenshteinSimilarity(a.join(''), b.join(''))).toBeCloseTo(wanted, 12)
      }),
      { seed: 7, numRuns: 300 },
    )
  })

  it('cosine is symmetric, bounded and blind to scale', () => {
    const vector = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(vector, vector, fc.double({ min: 0.1, max: 10, noNaN: true }), (a, b, k) => {
        const value = cosine(a, b)
        if (value === null) return
        expect(Math.abs(value)).toBeLessThanOrEqual(1)
        expect(cosine(b, a)).toBeCloseTo(value, 9)
        const scaled = cosine(
          a.map((x) => x * k),
          b,
        )
        if (Math.hypot(...a) > 1e-100 && Math.hypot(...b) > 1e-100) expect(scaled).toBeCloseTo(value, 6)
      }),
      { seed: 7 },
    )
  })
})

describe('similarity', () => {
  const vectors: Readonly<Record<string, readonly number[]>> = { a: [1, 0], b: [0.6, 0.8], c: [-1, 0] }
  const embed = async ({ texts }: { readonly texts: readonly string[] }) => ({
    vectors: texts.map((text) => vectors[text] ?? [0, 0]),
  })
  const entry = { type: 'similarity', model: 'm' }

  it('is the best cosine, in one request', async () => {
    const asked: unknown[] = []
    const services = {
      embed: (request: { readonly purpose: string; readonly model: string; readonly texts: readonly string[] }) => {
        asked.push(request)
        return embed(request)
      },
    }
    const score = await onlyScore(entry, 'a', ['c', 'b'], { services })
    expect(score.score).toBeCloseTo(0.6, 12)
    expect(asked).toEqual([{ purpose: 'similarity:1', model: 'm', texts: ['a', 'c', 'b'] }])
  })

  it('is 0 for opposite directions and for an empty output, and fails without a direction or a model', async () => {
    expect((await onlyScore(entry, 'a', ['c'], { services: { embed } })).score).toBe(0)
    expect(await onlyScore(entry, ' ', ['a'], { services: { embed } })).toMatchObject({ score: 0, failed: false })
    expect(await onlyScore(entry, 'x', ['a'], { services: { embed } })).toMatchObject({ score: 0, failed: true })
    const broken = async () => ({ failure: { code: 'server' as const, message: 'HTTP 500' } })
    expect(await onlyScore(entry, 'a', ['a'], { services: { embed: broken } })).toMatchObject({
      score: 0,
      failed: true,
      reason: 'no embedding: HTTP 500',
    })
  })
})
