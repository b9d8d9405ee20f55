import fc from 'fast-check'
import { expect, test } from 'vitest'

import { jsonErrorPlace } from './json-place.ts'

test.each([
  ['[\n{"a": }\n]', 2, 7],
  ['[1, 2', 1, 6],
  ['[1 2]', 1, 4],
  ['{"a":1,}', 1, 8],
  ['{a: 1}', 1, 2],
  ['[1]\n\n x', 3, 2],
  ['["a\nb"]', 1, 2],
  ['{"a":1]', 1, 7],
])('%j breaks at %d:%d', (text, line, column) => {
  expect(() => JSON.parse(text)).toThrow()
  expect(jsonErrorPlace(text)).toEqual({ line, column })
})

test('it sees no error in JSON: a text spoiled at one place breaks there', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const text = `[${json}]`
      expect(jsonErrorPlace(`${text}?`)).toEqual({ line: 1, column: text.length + 1 })
    }),
    { seed: 8, numRuns: 500 },
  )
})
