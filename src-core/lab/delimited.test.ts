import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { formatRejects, parseDelimited } from './delimited.ts'

const spectrum = join(import.meta.dirname, 'testdata', 'csv-spectrum')
const objects = (text: string, kind: 'csv' | 'tsv' = 'csv') => {
  const { columns, rows } = parseDelimited(text, kind)
  return rows.map(({ cells }) => Object.fromEntries(columns.map((name, i) => [name, cells[i]])))
}

/** Here the suite's JSON contradicts its own CSV (another number, and no list); the CSV is what is read. */
const known = { file: 'location_coordinates', truth: { 'Contact Phone Number': '2095257564' } }

describe('csv-spectrum', () => {
  const names = readdirSync(join(spectrum, 'csvs')).map((file) => file.replace('.csv', ''))
  test('all twelve files are here', () => expect(names).toHaveLength(12))

  test.each(names)('%s', (name) => {
    const text = readFileSync(join(spectrum, 'csvs', `${name}.csv`), 'utf8')
    const reference = JSON.parse(readFileSync(join(spectrum, 'json', `${name}.json`), 'utf8'))
    expect(parseDelimited(text, 'csv').rejects).toEqual([])
    // The copies ending in _crlf lost their line ends in that repository, but not in what is expected of them: here
    // both line ends are tried with every file.
    const lf = JSON.parse(
      JSON.stringify(name === known.file ? [{ ...reference, ...known.truth }] : reference).replaceAll('\\r\\n', '\\n'),
    )
    expect(objects(text)).toEqual(lf)
    expect(objects(text.replaceAll('\n', '\r\n'))).toEqual(JSON.parse(JSON.stringify(lf).replaceAll('\\n', '\\r\\n')))
  })
})

describe('broken rows', () => {
  test('a row with too few or too many fields is kept with its line, the rest goes on', () => {
    const table = parseDelimited('a,b\n1,2\n3\n"x\ny",4\n5,6,7\n8,9\n', 'csv')
    expect(table.rows).toEqual([
      { line: 2, cells: ['1', '2'] },
      { line: 4, cells: ['x\ny', '4'] },
      { line: 7, cells: ['8', '9'] },
    ])
    expect(table.rejects).toEqual([
      { line: 3, text: '3', reason: 'has 1 fields, the header has 2' },
      { line: 6, text: '5,6,7', reason: 'has 3 fields, the header has 2' },
    ])
  })

  test('a quote that is never closed costs its own line only', () => {
    const table = parseDelimited('a,b\n1,2\n"oops,3\n4,5\n6,"x ""y"" z"\n', 'csv')
    expect(table.rows.map((row) => row.cells)).toEqual([
      ['1', '2'],
      ['4', '5'],
      ['6', 'x "y" z'],
    ])
    expect(table.rejects).toMatchObject([{ line: 3, text: '"oops,3' }])
  })

  test('text after a closing quote is named', () => {
    expect(parseDelimited('a\n"x" y\nz\n', 'csv').rejects).toMatchObject([
      { line: 2, text: '"x" y', reason: expect.stringContaining('twice') },
    ])
  })

  test('no line is ever lost: every line is in a row or among the rejects', () => {
    const field = fc.stringMatching(/^[a-z",\n ]{0,8}$/)
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 12 }), (lines) => {
        const text = `h\n${lines.join('\n')}\n`
        const { rows, rejects } = parseDelimited(text, 'csv')
        const letters = (parts: readonly string[]) => parts.join('').replaceAll(/[^a-z]/g, '').length
        expect(letters(rows.flatMap((row) => row.cells)) + letters(rejects.map((row) => row.text))).toBe(letters(lines))
      }),
      { seed: 5, numRuns: 1000 },
    )
  })

  test('the rejects file is itself readable and holds everything', () => {
    const rejects = [{ line: 3, text: '"oops,3', reason: 'a "quote"' }]
    expect(objects(formatRejects(rejects))).toEqual([{ line: '3', reason: 'a "quote"', text: '"oops,3' }])
  })

  test('a thousand unclosed quotes do not take quadratic time', () => {
    const start = performance.now()
    const { rejects } = parseDelimited(`a,b\n${'1,"x y\n'.repeat(20_001)}`, 'csv')
    expect(rejects.length).toBeGreaterThan(0)
    expect(performance.now() - start).toBeLessThan(2000)
  })
})

describe('dialects', () => {
  test('semicolons and tabs are seen by the header', () => {
    expect(objects('a;b\n1,5;2\n')).toEqual([{ a: '1,5', b: '2' }])
    expect(objects('a\tb\n1,5\t2\n')).toEqual([{ a: '1,5', b: '2' }])
    expect(objects('"a;b",c\n1,2\n')).toEqual([{ 'a;b': '1', c: '2' }])
    expect(objects('a\tb,c\n1\t2,3\n', 'tsv')).toEqual([{ a: '1', 'b,c': '2,3' }])
  })

  test('byte order mark, blank lines and a lone carriage return', () => {
    expect(objects('\uFEFFa,b\r1,2\r\r3,4')).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: '4' },
    ])
  })

  test('cells keep their white space and are never converted', () => {
    expect(objects('a,b\n 007 ,1e3\n')).toEqual([{ a: ' 007 ', b: '1e3' }])
  })

  test.each([
    ['', 'empty'],
    ['a,b,a\n1,2,3', 'Two columns are named "a"'],
    ['"a,b\n1,2', 'must name the columns'],
  ])('%j is refused as a whole', (text, message) => {
    expect(parseDelimited(text, 'csv').problem?.message).toContain(message)
  })

  test('what is written as RFC 4180 is read back', () => {
    const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })), { maxLength: 6 }),
        (rows) => {
          const text = ['x,y', ...rows.map((row) => row.map(quote).join(','))].join('\r\n')
          expect(parseDelimited(text, 'csv').rows.map((row) => row.cells)).toEqual(rows)
        },
      ),
      { seed: 6, numRuns: 500 },
    )
  })
})
