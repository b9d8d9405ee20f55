import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { createPhilox } from '../ports/philox.ts'
import { buildCases, type LocatedCase } from './cases.ts'
import { noMapping } from './columns.ts'
import { readRows } from './rows.ts'
import { selectCases } from './select-cases.ts'

type Mapping = Partial<typeof noMapping>
const build = (text: string, format: 'csv' | 'jsonl', mapping: Mapping = {}, clusterColumn: string | null = null) =>
  buildCases(readRows(text, format), { mapping: { ...noMapping, ...mapping }, clusterColumn })
const lines = (...rows: object[]) => rows.map((row) => JSON.stringify(row)).join('\n')
const first = (result: ReturnType<typeof build>) => result.cases[0]?.testCase

describe('columns', () => {
  test('reserved names keep their meaning, every other column is a variable', () => {
    const csv = 'id,expected,minimumQuality,weight,tags,split,cluster,q,note\na,yes,0.5,2,"x, y;z",race,doc1,Why?,\n'
    expect(first(build(csv, 'csv'))).toEqual({
      id: 'a',
      inputs: { q: 'Why?', note: '' },
      expected: ['yes'],
      evaluators: null,
      minimumQuality: 0.5,
      weight: 2,
      tags: ['x', 'y', 'z'],
      split: 'race',
      cluster: 'doc1',
    })
  })

  test('a mapped column loses its old name; a name that is mapped to leaves the file its own column as a variable', () => {
    const csv = 'id,text,label,expected\n7,Hello,spam,old\n'
    const built = build(csv, 'csv', { columns: { input: 'text', expected: 'label', number: 'id' } })
    expect(first(built)).toMatchObject({
      id: 'case-1',
      inputs: { input: 'Hello', number: '7', expected: 'old' },
      expected: ['spam'],
    })
    expect(Object.keys(first(built)?.inputs ?? {})).not.toContain('text')
  })

  test('a column hidden by a mapping is told', () => {
    const built = build('input,text\na,b\n', 'csv', { columns: { input: 'text' } })
    expect(first(built)?.inputs).toEqual({ input: 'b' })
    expect(built.warnings).toEqual([expect.stringContaining('"input" is hidden')])
  })

  test('tag columns are tags and no variables', () => {
    const built = build('id,q,source,lang\n1,a,web,de\n2,b,,en\n', 'csv', { tags: ['source', 'lang'] })
    expect(built.cases.map(({ testCase }) => testCase.tags)).toEqual([['source:web', 'lang:de'], ['lang:en']])
    expect(first(built)?.inputs).toEqual({ q: 'a' })
  })

  test('a column that the file lacks is named with what it has', () => {
    const { problems } = build('q,label\na,b\n', 'csv', {
      columns: { expected: 'lable' },
      tags: ['src'],
      where: { fold: 'x' },
    })
    expect(problems).toMatchObject([
      { path: ['columns', 'expected'], message: expect.stringContaining('Did you mean "label"?') },
      { path: ['tags', 0], message: expect.stringContaining('q, label') },
      { path: ['where', 'fold'] },
    ])
  })

  test('a value named like a member of Object is a value like any other', () => {
    const built = build('{"id":"1","__proto__":"p","constructor":"c"}', 'jsonl')
    expect(Object.entries(first(built)?.inputs ?? {})).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ])
  })
})

describe('expected', () => {
  test.each([
    [lines({ expected: ['a', 'b'] }), 'jsonl', ['a', 'b']],
    [lines({ expected: 'a' }), 'jsonl', ['a']],
    [lines({ expected: '["a"]' }), 'jsonl', ['["a"]']],
    [lines({ expected: { k: [1] } }), 'jsonl', [{ k: [1] }]],
    [lines({ expected: 0 }), 'jsonl', [0]],
    [lines({ expected: '' }), 'jsonl', ['']],
    [lines({ expected: null }), 'jsonl', []],
    [lines({ q: 1 }), 'jsonl', []],
    ['expected,q\n"[""a"",""b""]",x\n', 'csv', ['["a","b"]']],
    ['expected,q\n,x\n', 'csv', []],
  ] as const)('%j (%s)', (text, format, expected) => {
    expect(first(build(text, format))?.expected).toEqual(expected)
  })
})

describe('where', () => {
  const csv = 'q,fold,n,ok\na,test,5,true\nb,train,5,false\nc,test,05,true\n'
  const ids = (result: ReturnType<typeof build>) => result.cases.map(({ testCase }) => testCase.inputs.q)

  test('keeps equal rows; in a file without types 5 is "5"', () => {
    expect(ids(build(csv, 'csv', { where: { fold: 'test' } }))).toEqual(['a', 'c'])
    expect(ids(build(csv, 'csv', { where: { n: 5, ok: true } }))).toEqual(['a'])
  })

  test('in a file with types 5 is not "5", and a missing column does not match', () => {
    const text = lines({ q: 'a', n: 5 }, { q: 'b', n: '5' }, { q: 'c' })
    expect(ids(build(text, 'jsonl', { where: { n: 5 } }))).toEqual(['a'])
    expect(ids(build(text, 'jsonl', { where: { n: '5' } }))).toEqual(['b'])
  })

  test('ids count all rows, so that a filter does not rename a case', () => {
    expect(build(csv, 'csv', { where: { fold: 'train' } }).cases.map(({ testCase }) => testCase.id)).toEqual(['case-2'])
  })
})

test('wrong values and ids used twice are told with their line, all of them', () => {
  const { problems, cases } = build('id,weight,minimumQuality,split\na,-1,2,train\nb,x,,dev\nb,,,\nb,,,\n', 'csv')
  expect(problems.map((problem) => ('line' in problem ? problem.line : null))).toEqual([2, 2, 3, 3, 5])
  expect(problems.at(-1)?.message).toContain('"b" is used twice (first in line 4)')
  expect(cases).toHaveLength(1)
})

test('a case with evaluators of its own, also as JSON in a cell', () => {
  const entry = [{ type: 'contains', ignoreCase: true }]
  expect(first(build(lines({ evaluators: entry }), 'jsonl'))?.evaluators).toMatchObject([
    { type: 'contains', params: { ignoreCase: true } },
  ])
  expect(
    first(build(`q,evaluators\nx,"${JSON.stringify(entry).replaceAll('"', '""')}"\n`, 'csv'))?.evaluators,
  ).toHaveLength(1)
  expect(build(lines({ evaluators: [{ type: 'nonsense' }] }), 'jsonl').problems).toMatchObject([
    { line: 1, message: expect.stringContaining('nonsense') },
  ])
})

test('clusters: the reserved column, or the one that analysis.cluster names', () => {
  const csv = 'q,cluster,doc\na,c1,d1\nb,,d2\n'
  const clusters = (column: string | null, mapping: Mapping = {}) =>
    build(csv, 'csv', mapping, column).cases.map(({ testCase }) => testCase.cluster)
  expect(clusters(null)).toEqual(['c1', null])
  expect(clusters('doc')).toEqual(['d1', 'd2'])
  expect(clusters('document', { columns: { document: 'doc' } })).toEqual(['d1', 'd2'])
  expect(build(csv, 'csv', {}, 'page').problems).toMatchObject([{ message: expect.stringContaining('"page"') }])
})

describe('choosing', () => {
  const cases: LocatedCase[] = build(
    lines(...Array.from({ length: 50 }, (_, i) => ({ id: `c${i}` }))),
    'jsonl',
  ).cases.slice()
  const pick = (options: { limit?: number; sample?: number; ids?: string[]; seed?: number }) =>
    selectCases(cases, {
      limit: options.limit ?? null,
      sample: options.sample ?? null,
      ids: options.ids ?? null,
      random: createPhilox(options.seed ?? 7),
    })
  const ids = (selected: ReturnType<typeof pick>) => selected.cases.map(({ testCase }) => testCase.id)

  test('limit takes the first', () => expect(ids(pick({ limit: 3 }))).toEqual(['c0', 'c1', 'c2']))

  test('a sample depends on the seed only, keeps the order, and holds the smaller samples', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 50 }), (seed, n) => {
        const drawn = ids(pick({ sample: n, seed }))
        expect(drawn).toEqual(ids(pick({ sample: n, seed })))
        expect(new Set(drawn).size).toBe(n)
        expect(drawn).toEqual(cases.map(({ testCase }) => testCase.id).filter((id) => drawn.includes(id)))
        if (n > 1) expect(drawn).toEqual(expect.arrayContaining(ids(pick({ sample: n - 1, seed }))))
      }),
      { seed: 9, numRuns: 200 },
    )
    expect(ids(pick({ sample: 10, seed: 1 }))).not.toEqual(ids(pick({ sample: 10, seed: 2 })))
  })

  test('every case is drawn about equally often', () => {
    const counts = new Map<string, number>()
    for (let seed = 0; seed < 2000; seed++)
      for (const id of ids(pick({ sample: 5, seed }))) counts.set(id, (counts.get(id) ?? 0) + 1)
    // 2000 draws of 5 in 50: mean 200, standard deviation 13.4; five of them on either side.
    for (const { testCase } of cases) expect(Math.abs((counts.get(testCase.id) ?? 0) - 200)).toBeLessThan(67)
  })

  test('a sample larger than the file is all of it, with a word', () => {
    const all = pick({ sample: 99 })
    expect(all.cases).toHaveLength(50)
    expect(all.warnings).toHaveLength(1)
  })

  test('cases by id are exactly those; an unknown one is told', () => {
    expect(ids(pick({ ids: ['c9', 'c2'], limit: 1, sample: 1 }))).toEqual(['c2', 'c9'])
    expect(pick({ ids: ['nope'] }).problems).toEqual([expect.stringContaining('"nope"')])
  })
})
