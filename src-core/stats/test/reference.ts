import { readFileSync } from 'node:fs'
import { expect } from 'vitest'

/** Text of a file in `testdata`. */
export const testdata = (name: string): string => readFileSync(new URL(`../testdata/${name}`, import.meta.url), 'utf8')

export type Reference = {
  readonly id: string
  readonly input: unknown
  readonly expected: number | readonly number[]
  readonly relTol: number
}

export const references = (JSON.parse(testdata('expected.json')) as { refs: readonly Reference[] }).refs

const referenceOf = (id: string): Reference => {
  const found = references.find((r) => r.id === id)
  if (found === undefined) throw new Error(`no reference ${id}`)
  return found
}

export type Classics = {
  readonly sleep: { readonly first: readonly number[]; readonly second: readonly number[] }
  readonly darwin: { readonly differences: readonly number[] }
  readonly dyestuff: { readonly batches: readonly (readonly number[])[] }
  readonly penicillin: { readonly plates: readonly (readonly number[])[] }
  readonly roundingTimes: { readonly rows: readonly (readonly number[])[] }
  readonly city: { readonly u: readonly number[]; readonly x: readonly number[] }
  readonly clinic: Readonly<Record<'var1First' | 'var1Second' | 'var2First' | 'var2Second', readonly number[]>>
}
export const classics = JSON.parse(testdata('classics.json')) as Classics

/** |actual − expected| ≤ tolerance·|expected|; a value of 0 must be 0 to 1e-15. */
export const expectClose = (actual: unknown, expected: number, relTol = 1e-9, what = ''): void => {
  expect(typeof actual, `${what} is ${JSON.stringify(actual)}`).toBe('number')
  const error = Math.abs((actual as number) - expected)
  const allowed = expected === 0 ? 1e-15 : relTol * Math.abs(expected)
  expect(error <= allowed, `${what}: got ${String(actual)}, expected ${expected} within ${relTol}`).toBe(true)
}

/** Holds values against a reference id at its own tolerance, all of its values in order. */
export const expectReference = (id: string, actual: number | readonly unknown[]): void => {
  const { expected, relTol } = referenceOf(id)
  held.add(id)
  const wanted = typeof expected === 'number' ? [expected] : expected
  const given = typeof actual === 'number' ? [actual] : actual
  expect(given.length, id).toBe(wanted.length)
  wanted.forEach((x, i) => expectClose(given[i], x, Math.max(relTol, 2e-16), `${id}[${i}]`))
}

/** The result, or a failed test when it is the typed refusal. */
export const got = <T>(value: T): Exclude<T, { readonly kind: 'insufficient' }> => {
  if (typeof value === 'object' && value !== null && 'kind' in value)
    throw new Error(`insufficient: ${JSON.stringify(value)}`)
  return value as Exclude<T, { readonly kind: 'insufficient' }>
}

/** Counter-based uniforms for tests: two murmur3 finalisers over (seed, index). */
export const uniformOf =
  (seed: number) =>
  (index: number): number => {
    const mix = (word: number): number => {
      let h = word | 0
      h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
      h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
      return (h ^ (h >>> 16)) >>> 0
    }
    const high = mix(mix(index + 0x9e3779b9) ^ seed)
    const low = mix(mix(index + 0x7f4a7c15) ^ (seed + 0x5bd1e995))
    return ((high >>> 5) * 67108864 + (low >>> 6)) / 9007199254740992
  }

/** Ids held so far in this test file. */
export const held = new Set<string>()
