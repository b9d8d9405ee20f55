import { expect, test } from 'vitest'

import { maxLabFileLength, parseYaml } from './yaml-source.ts'

const read = (text: string) => parseYaml(text, { file: 'lab.yaml' })

test('values and keys are located, and what is missing by what encloses it', () => {
  const { value, locate, problems } = read('a:\n  - b: 1\n    "c d": [x, {e: 2}]\nf: {}\n')
  expect(problems).toEqual([])
  expect(value).toEqual({ a: [{ b: 1, 'c d': ['x', { e: 2 }] }], f: {} })
  expect(locate(['a', 0, 'c d', 1, 'e'])).toEqual({ line: 3, column: 20 })
  expect(locate(['a', 0, 'c d'], 'key')).toEqual({ line: 3, column: 5 })
  expect(locate(['a', 0, 'nothing', 'here'])).toEqual({ line: 2, column: 5 })
  expect(locate(['f'])).toEqual({ line: 4, column: 4 })
})

test('words are words: no yes/no, no dates, no octal', () => {
  expect(read('a: yes\nb: 2026-11-23\nc: 010\nd: off').value).toEqual({ a: 'yes', b: '2026-11-23', c: 10, d: 'off' })
})

test('all syntax errors at once, with line and column', () => {
  const { problems } = read('a: 1\na: 2\nb: "open\n')
  expect(problems.map(({ line }) => line)).toContain(2)
  expect(problems.length).toBeGreaterThan(1)
  expect(problems[0]).toMatchObject({ file: 'lab.yaml', line: 2, column: 1, message: expect.stringContaining('twice') })
})

test('tags are refused', () => {
  expect(read('a: !!js/function "x"').problems).toMatchObject([{ line: 1, message: expect.stringContaining('Tags') }])
})

test('anchors, aliases and merges work', () => {
  expect(read('a: &x {k: 1}\nb: *x\nc: {<<: *x, l: 2}').value).toEqual({ a: { k: 1 }, b: { k: 1 }, c: { k: 1, l: 2 } })
})

test('a value that contains itself is refused', () => {
  expect(read('a: &a [1, {b: *a}]').problems).toMatchObject([{ message: expect.stringContaining('contain itself') }])
})

/** Bombs of many shapes: each must be refused or read, quickly, and never exhaust memory or stack. */
const levels = (count: number, width: number, flow: (name: string) => string): string =>
  [
    `l0: &l0 [${Array.from({ length: width }, () => '"lol"').join(',')}]`,
    ...Array.from(
      { length: count },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array.from({ length: width }, () => flow(`*l${i}`)).join(',')}]`,
    ),
  ].join('\n')
const bombs: readonly (readonly [string, string])[] = [
  ...[3, 5, 9, 15].map((depth) => [`${depth} levels of ten aliases`, levels(depth, 10, (name) => name)] as const),
  ...[9, 12].map((depth) => [`${depth} levels in maps`, levels(depth, 9, (name) => `{k: ${name} }`)] as const),
  ['opening brackets', '['.repeat(1_000_000)],
  ['opening braces', '{'.repeat(200_000)],
  ['balanced brackets', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
  ['dashes', '- '.repeat(200_000)],
  ['a mapping in a mapping', Array.from({ length: 1200 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ['too long', ' '.repeat(maxLabFileLength + 1)],
  ['an alias of itself', 'a: &a [*a]'],
  ['an unknown alias', 'a: *b'],
  [
    'a merge bomb',
    `a: &a {x: 1}\n${Array.from({ length: 200 }, (_, i) => `k${i}: &k${i} {<<: [${i === 0 ? '*a' : `*k${i - 1}`}, ${i === 0 ? '*a' : `*k${i - 1}`}]}`).join('\n')}`,
  ],
]
test.each(bombs)('bomb: %s', (_, text) => {
  const start = performance.now()
  const { value, problems } = read(text)
  const elapsed = performance.now() - start
  if (problems.length === 0) expect(value).toBeDefined()
  expect(elapsed).toBeLessThan(500)
})
