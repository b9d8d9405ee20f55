import { afterAll, describe, expect, it } from 'vitest'
import { createRegexMatcher } from './regex-matcher.ts'

const matcher = createRegexMatcher()
afterAll(() => matcher.dispose())

/** Patterns that backtrack exponentially on text of this kind; each runs for hours where nothing stops it. */
const evil: readonly (readonly [pattern: string, text: string])[] = [
  ['(a+)+$', `${'a'.repeat(50)}!`],
  ['(a|aa)+$', `${'a'.repeat(80)}!`],
  ['(a|a?)+$', `${'a'.repeat(50)}!`],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(60)],
  ['(.*)*x(.*)*y$', 'a'.repeat(60)],
  ['^(\\w+\\s?)*$', `${'word '.repeat(20)}word!`],
  ['(x+x+)+y', 'x'.repeat(60)],
]

describe('the regex matcher', () => {
  it('matches, with groups', async () => {
    expect(await matcher.match('(a)(x)?(?<n>b)', 'u', 'zab')).toEqual({
      kind: 'match',
      text: 'ab',
      groups: ['a', null, 'b'],
    })
    expect(await matcher.match('a', 'u', 'b')).toEqual({ kind: 'no-match' })
    expect(await matcher.match('', '', '')).toEqual({ kind: 'match', text: '', groups: [] })
  })

  it('is the first match every time, with g and y too', async () => {
    for (let i = 0; i < 3; i++) expect(await matcher.match('a', 'g', 'aa')).toMatchObject({ kind: 'match' })
  })

  it('says what is wrong with a pattern', async () => {
    expect(await matcher.match('(', 'u', 'a')).toMatchObject({ kind: 'invalid' })
    expect(await matcher.match('a', 'uv', 'a')).toMatchObject({ kind: 'invalid' })
  })

  it.each(evil)('stops %s', async (pattern, text) => {
    const start = performance.now()
    expect(await matcher.match(pattern, 'u', text)).toEqual({ kind: 'timed-out' })
    const ms = performance.now() - start
    expect(ms).toBeGreaterThan(240)
    expect(ms).toBeLessThan(1500)
  })

  it('loses no other match when one is stopped, and keeps this thread free', async () => {
    let longest = 0
    let last = performance.now()
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 5)
    const verdicts = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        i % 80 === 40 ? matcher.match('(a+)+$', 'u', `${'a'.repeat(50)}!`) : matcher.match(`^${i}$`, 'u', String(i)),
      ),
    )
    clearInterval(timer)
    expect(verdicts.map(({ kind }) => kind)).toEqual(
      Array.from({ length: 200 }, (_, i) => (i % 80 === 40 ? 'timed-out' : 'match')),
    )
    expect(longest).toBeLessThan(200)
  })

  it('takes a text of 1 MB', async () => {
    expect(await matcher.match('needle$', 'u', `${'hay '.repeat(250_000)}needle`)).toMatchObject({ kind: 'match' })
  })

  it('matches thousands in a moment', async () => {
    const start = performance.now()
    const verdicts = await Promise.all(
      Array.from({ length: 5000 }, (_, i) => matcher.match(`a${i % 50}`, 'u', `xa${i}`)),
    )
    expect(verdicts).toHaveLength(5000)
    expect(performance.now() - start).toBeLessThan(2000)
  })

  it('refuses after it is disposed, and ends what waits', async () => {
    const own = createRegexMatcher()
    const waiting = own.match('(a+)+$', 'u', `${'a'.repeat(50)}!`)
    const outcome = expect(waiting).rejects.toThrow('disposed')
    await own.dispose()
    await outcome
    await expect(own.match('a', 'u', 'a')).rejects.toThrow('disposed')
  })
})
