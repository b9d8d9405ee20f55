import { expect, test } from 'vitest'

import { readCaseFile } from './case-files.ts'
import { workbook, zip } from './test/workbook.ts'

const read = (name: string, content: string | Uint8Array, sheet: string | number | null = null) =>
  readCaseFile({ name, bytes: typeof content === 'string' ? Buffer.from(content) : content, sheet })
const utf16be = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()

test.each([
  ['c.csv', 'id,q\n1,ä\n', false],
  ['c.tsv', 'id\tq\n1\tä\n', false],
  ['c.jsonl', '{"id":"1","q":"ä"}\n', true],
  ['c.ndjson', '{"id":"1","q":"ä"}', true],
  ['c.json', '[\n{"id":"1","q":"ä"}]', true],
  ['c.yaml', '- {id: "1", q: ä}', true],
  ['C.YML', '- id: "1"\n  q: ä', true],
])('%s', async (name, text, typed) => {
  for (const bytes of [
    Buffer.from(text),
    Buffer.from(`\uFEFF${text}`),
    Buffer.from(`\uFEFF${text}`, 'utf16le'),
    utf16be(text),
  ]) {
    const source = await read(name, bytes)
    expect(source.problems).toEqual([])
    expect(source.rows.map((row) => row.cells)).toEqual([{ id: '1', q: 'ä' }])
    expect(source.columns).toEqual(['id', 'q'])
    expect(source.typed).toBe(typed)
  }
})

test('bytes of another code page are refused with their line, not guessed', async () => {
  const { problems, rows } = await read('c.csv', Buffer.from('id,q\n1,a\n2,\xe4\n', 'latin1'))
  expect(rows).toEqual([])
  expect(problems).toMatchObject([{ line: 3, message: expect.stringContaining('UTF-8') }])
})

test('json rows know their lines, and a syntax error its place', async () => {
  const source = await read('c.json', '[\n  {"a": "}]\\"[{"},\n\n  {"a": [1, {"b": 2}],\n   "c": 3}, 7\n]')
  expect(source.rows.map((row) => row.line)).toEqual([2, 4])
  expect(source.problems).toMatchObject([{ line: 5, message: expect.stringContaining('Entry 3') }])
  expect((await read('c.json', '[\n{"a": }\n]')).problems).toMatchObject([
    { line: 2, message: expect.stringContaining('not JSON') },
  ])
  expect((await read('c.json', '{"a": 1}')).problems).toMatchObject([
    { message: expect.stringContaining('list of cases') },
  ])
})

test('a broken line of jsonl is kept, the rest goes on', async () => {
  const source = await read('c.jsonl', '{"a":1}\r\n{"a":\n\n[1]\n{"a":2}')
  expect(source.rows.map((row) => [row.line, row.cells.a])).toEqual([
    [1, 1],
    [5, 2],
  ])
  expect(source.rejects.map((row) => [row.line, row.text])).toEqual([
    [2, '{"a":'],
    [4, '[1]'],
  ])
})

test('a spreadsheet: numbers and truth values stay, empty cells are empty, blank rows are skipped', async () => {
  const book = workbook({
    first: [
      ['id', 'q', 'n'],
      ['a', '  x & y ', 1.5],
      [null, null, null],
      ['b', null, true],
    ],
    second: [['id'], ['z']],
  })
  const source = await read('c.xlsx', book)
  expect(source.problems).toEqual([])
  expect(source.rows).toEqual([
    { line: 2, cells: { id: 'a', q: '  x & y ', n: 1.5 } },
    { line: 4, cells: { id: 'b', q: '', n: true } },
  ])
  expect((await read('c.xlsx', book, 'second')).rows).toMatchObject([{ cells: { id: 'z' } }])
  expect((await read('c.xlsx', book, 2)).rows).toMatchObject([{ cells: { id: 'z' } }])
  expect((await read('c.xlsx', book, 'third')).problems).toMatchObject([
    { message: expect.stringContaining('could not be read') },
  ])
})

test('what is no workbook, or unpacks to too much, is refused before it is unpacked', async () => {
  expect((await read('c.xlsx', 'id,q\n1,2')).problems).toMatchObject([
    { message: expect.stringContaining('not an xlsx') },
  ])
  const bomb = workbook({ s: [['id'], ['1']] }, () => 200_000_000)
  expect((await read('c.xlsx', bomb)).problems).toMatchObject([{ message: expect.stringContaining('unpacks to') }])
  expect((await read('c.xlsx', zip({ 'a.txt': 'x' }))).problems).toMatchObject([
    { message: expect.stringContaining('could not be read') },
  ])
})

test('an unknown ending names the known ones', async () => {
  expect((await read('c.parquet', '')).problems).toMatchObject([{ message: expect.stringContaining('jsonl') }])
})
