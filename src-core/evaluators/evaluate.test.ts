import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EvaluatorEntry } from './definition.ts'
import { evaluateCell, evaluatorVersion } from './evaluate.ts'
import type { RegexVerdict, ScriptVerdict } from './evaluator.ts'
import { groupNumber } from './regex.ts'
import { evaluatorDefinitions, evaluatorDemand } from './registry.ts'
import { cellOf, evaluate, onlyScore, servicesWith, specsOf } from './test/cell.ts'

const yes: EvaluatorEntry = { type: 'equals', value: 'x' }
const no: EvaluatorEntry = { type: 'equals', value: 'y' }

describe('the score of a cell', () => {
  const cell = (entries: readonly EvaluatorEntry[], options = {}) =>
    evaluateCell(specsOf(...entries), cellOf('x', [], options), servicesWith())

  it('is the weighted mean, and passes when every evaluator does', async () => {
    expect(await cell([yes, { ...no, weight: 3 }])).toMatchObject({ score: 0.25, passed: false })
    expect(await cell([yes, { ...yes, weight: 3 }])).toMatchObject({ score: 1, passed: true })
  })

  it("passes at the case's minimum quality where there is one", async () => {
    expect((await cell([yes, no], { minimumQuality: 0.5 })).passed).toBe(true)
    expect((await cell([yes, no], { minimumQuality: 0.51 })).passed).toBe(false)
    expect(
      (
        await cell(
          [
            { ...yes, weight: 0.1 },
            { ...yes, weight: 0.2 },
          ],
          { minimumQuality: 1 },
        )
      ).passed,
    ).toBe(true)
  })

  it('keeps the order and the names of the evaluators', async () => {
    const { scores } = await cell([{ ...no, name: 'second' }, yes, yes])
    expect(scores.map(({ evaluator }) => evaluator)).toEqual(['second', 'equals', 'equals-3'])
  })

  it('counts a failure to evaluate as 0', async () => {
    const { score, passed, scores } = await cell([yes, { type: 'equals' }])
    expect({ score, passed }).toEqual({ score: 0.5, passed: false })
    expect(scores[1]).toMatchObject({ score: 0, failed: true })
  })

  it('claims nothing without evaluators', async () => {
    expect(await cell([])).toEqual({ score: 0, passed: false, scores: [] })
  })

  it('never throws: what a service throws is a failure with its reason', async () => {
    const score = await onlyScore({ type: 'regex', pattern: 'a' }, 'a', [])
    expect(score).toMatchObject({ score: 0, failed: true })
    expect(score.reason).toContain('offers no such service')
  })
})

describe('negate and threshold', () => {
  it('turns the score and not the failure', async () => {
    expect(await onlyScore({ ...no, negate: true }, 'x', [])).toMatchObject({ score: 1, passed: true })
    expect(await onlyScore({ type: 'equals', negate: true }, 'x', [])).toMatchObject({
      score: 0,
      passed: false,
      failed: true,
    })
  })

  it('passes at the threshold', async () => {
    const half: EvaluatorEntry = { type: 'set', f1: true, value: 'a, b' }
    expect((await onlyScore(half, 'a, c', [])).passed).toBe(true)
    expect((await onlyScore({ ...half, threshold: 0.51 }, 'a, c', [])).passed).toBe(false)
    expect((await onlyScore({ ...half, negate: true, threshold: 0.5 }, 'a, c', [])).passed).toBe(true)
  })

  it('has the default thresholds of the contract', () => {
    const graded = [
      'json-fields',
      'levenshtein',
      'token-f1',
      'rouge-l',
      'bleu',
      'similarity',
      'rubric',
      'pairwise',
      'human',
    ]
    for (const {
      example: { threshold: _, ...example },
      type,
    } of evaluatorDefinitions) {
      const wanted = graded.includes(type) || (type === 'set' && example.f1 === true) ? 0.5 : 1
      expect({ type, threshold: specsOf(example as EvaluatorEntry)[0]?.threshold }).toEqual({ type, threshold: wanted })
    }
    expect(specsOf({ type: 'set' })[0]?.threshold).toBe(1)
  })
})

describe('field', () => {
  const output = '{"a":{"b":["x","y"]},"c d":1,"e":null}'
  it.each([
    ['$.a.b[0]', 'x'],
    ['$.a.b[-1]', 'y'],
    ['$["c d"]', '1'],
    ["$['c d']", '1'],
    ['$.e', 'null'],
    ['{v}', 'from the case'],
    ['output', output],
  ])('%s is %s', async (field, value) => {
    expect(
      await onlyScore({ type: 'equals', field, value }, output, [], { inputs: { v: 'from the case' } }),
    ).toMatchObject({ score: 1 })
  })

  it('scores a path that the output lacks 0, negated too, without calling it a failure', async () => {
    for (const [negate, text] of [
      [false, output],
      [true, output],
      [true, 'no JSON'],
      [true, ''],
    ] as const) {
      expect(await onlyScore({ type: 'equals', field: '$.zz', value: 'x', negate }, text, [])).toMatchObject({
        score: 0,
        passed: false,
        failed: false,
      })
    }
  })

  it('does not see inherited members', async () => {
    expect((await onlyScore({ type: 'contains', field: '$.constructor', value: 'Object' }, '{}', [])).reason).toContain(
      'has no $.constructor',
    )
    expect((await onlyScore({ type: 'contains', field: '{toString}', value: 'x' }, 'x', [])).failed).toBe(true)
  })

  it('asks all of several fields', async () => {
    const entry: EvaluatorEntry = { type: 'equals', fields: ['$.a', '$.b'], value: '1', weight: 2 }
    expect(specsOf(entry)[0]).toMatchObject({ type: 'all-of', name: 'equals', weight: 2 })
    expect((await evaluate(entry, '{"a":1,"b":1}', [])).score).toBe(1)
    expect((await evaluate(entry, '{"a":1,"b":2}', [])).score).toBe(0)
  })
})

describe('groups', () => {
  const broken: EvaluatorEntry = { type: 'equals' }
  const waiting: EvaluatorEntry = { type: 'human' }
  it.each<[string, EvaluatorEntry[], number | 'failed']>([
    ['all-of', [yes, yes], 1],
    ['all-of', [yes, no], 0],
    ['all-of', [broken, no], 0],
    ['all-of', [yes, broken], 'failed'],
    ['any-of', [no, yes], 1],
    ['any-of', [broken, yes], 1],
    ['any-of', [no, no], 0],
    ['any-of', [no, broken], 'failed'],
    ['any-of', [waiting, yes], 1],
    [
      'all-of',
      [
        { type: 'any-of', evaluators: [no, yes] },
        { type: 'all-of', evaluators: [no], negate: true },
      ],
      1,
    ],
    ['all-of', [{ type: 'set', f1: true, value: 'x, z' }], 1],
  ])('%s %j is %s', async (type, evaluators, wanted) => {
    const score = await onlyScore({ type, evaluators }, 'x', [])
    expect(score).toMatchObject(wanted === 'failed' ? { score: 0, failed: true } : { score: wanted, failed: false })
  })

  it('spares the judge when a cheaper member has decided', async () => {
    const entry = { type: 'all-of', evaluators: [no, { type: 'rubric', model: 'm' }] }
    expect(await onlyScore(entry, 'x', [])).toMatchObject({
      score: 0,
      failed: false,
      reason: 'all-of/equals did not pass',
    })
    expect(evaluatorDemand(specsOf(entry)[0] ?? expect.fail())).toEqual({
      models: ['m'],
      calls: { judge: 2, embedding: 0 },
    })
  })
})

describe('human', () => {
  const human: EvaluatorEntry = { type: 'human', name: 'taste' }
  it('is pending until a person has spoken: the others alone make the score', async () => {
    const cell = await evaluateCell(specsOf(yes, human), cellOf('x', []), servicesWith())
    expect(cell).toMatchObject({ score: 1, passed: true })
    expect(cell.scores[1]).toMatchObject({
      evaluator: 'taste',
      score: 0,
      passed: false,
      failed: true,
      reason: 'pending: no person has rated this answer',
    })
    expect(await evaluate(human, 'x', [])).toMatchObject({ score: 0, passed: false })
    expect(await evaluate(human, 'x', [], { minimumQuality: 0 })).toMatchObject({ passed: false })
  })

  it('scores the rating', async () => {
    expect(await onlyScore(human, 'x', [], { ratings: { taste: 0.75 } })).toMatchObject({
      score: 0.75,
      passed: true,
      failed: false,
    })
    expect(await onlyScore(human, 'x', [], { ratings: { taste: 5 } })).toMatchObject({ score: 0, failed: true })
  })
})

describe('limits', () => {
  it.each<[EvaluatorEntry, string, 0 | 1]>([
    [{ type: 'length', max: 2 }, '👍é', 1],
    [{ type: 'length', max: 1 }, '👍é', 0],
    [{ type: 'length', min: 1 }, '', 0],
    [{ type: 'length', max: 0 }, '', 1],
    [{ type: 'length', min: 3, max: 3, unit: 'words' }, 'one, two - three', 1],
    [{ type: 'length', min: 3, max: 3, unit: 'words' }, '北京市', 1],
    [{ type: 'length', min: 2, max: 2, unit: 'lines' }, 'a\r\n\r\nb\r\n', 1],
    [{ type: 'length', min: 2, max: 2, unit: 'sentences' }, 'It is 3.5 m. Really?', 1],
    [{ type: 'length', min: 2, max: 2, unit: 'sentences' }, '你好。再见。', 1],
    [{ type: 'length', min: 1, max: 1, unit: 'sentences' }, 'no full stop', 1],
    [{ type: 'length', max: 1_000_000 }, 'x'.repeat(1_000_001), 0],
  ])('%j', async (entry, output, wanted) => {
    expect((await onlyScore(entry, output, [])).score).toBe(wanted)
  })

  it.each<[EvaluatorEntry, object, 0 | 1 | 'failed']>([
    [{ type: 'latency', maxMs: 10 }, { latencyMs: 10 }, 1],
    [{ type: 'latency', maxMs: 10 }, { latencyMs: 10.1 }, 0],
    [{ type: 'cost', maxUsd: 0.01 }, { costUsd: 0.01 }, 1],
    [{ type: 'cost', maxUsd: 0.01 }, { costUsd: 0.02 }, 0],
    [{ type: 'cost', maxUsd: 0.01 }, { costUsd: null }, 'failed'],
    [{ type: 'cost', maxUsd: 0 }, { costUsd: 0 }, 1],
    [{ type: 'tokens', max: 5 }, { outputTokens: 5 }, 1],
    [{ type: 'tokens', max: 5 }, { outputTokens: 6 }, 0],
    [{ type: 'tokens', max: 5 }, {}, 'failed'],
    [{ type: 'tokens', max: 5, of: 'total' }, { inputTokens: 3, outputTokens: 3 }, 0],
    [{ type: 'tokens', max: 5, of: 'total' }, { inputTokens: 3 }, 'failed'],
    [{ type: 'tokens', max: 5, of: 'input' }, { inputTokens: 3 }, 1],
  ])('%j with %j: %s', async (entry, options, wanted) => {
    const score = await onlyScore(entry, 'x', [], options)
    expect(score).toMatchObject(wanted === 'failed' ? { score: 0, failed: true } : { score: wanted, failed: false })
  })
})

describe('regex', () => {
  const matchRegex = async (pattern: string, flags: string, text: string): Promise<RegexVerdict> => {
    const found = new RegExp(pattern, flags).exec(text)
    return found === null
      ? { kind: 'no-match' }
      : { kind: 'match', text: found[0], groups: found.slice(1).map((group) => group ?? null) }
  }
  it.each<[EvaluatorEntry, string, string[], number | 'failed']>([
    [{ type: 'regex', pattern: '^\\p{Lu}' }, 'Ä', [], 1],
    [{ type: 'regex', pattern: '^b$', flags: 'm' }, 'a\r\nb', [], 1],
    [{ type: 'regex', pattern: 'x' }, '', [], 0],
    [{ type: 'regex', pattern: 'A: (\\w+)', group: 1 }, 'A: yes', ['yes'], 1],
    [{ type: 'regex', pattern: 'A: (\\w+)', group: 1 }, 'A: no', ['yes'], 0],
    [{ type: 'regex', pattern: 'A: (\\w+)', group: 1 }, 'A: no', [], 1],
    [{ type: 'regex', pattern: '(?<x>a)|(?<answer>b)', group: 'answer' }, 'b', ['b'], 1],
    [{ type: 'regex', pattern: '(a)|b', group: 1 }, 'b', ['a'], 0],
    [{ type: 'regex', pattern: 'a', group: 2 }, 'a', ['a'], 'failed'],
    [{ type: 'regex', pattern: '\\d+', group: 0 }, 'it is 42!', ['42'], 1],
  ])('%j on %j, expected %j: %s', async (entry, output, expected, wanted) => {
    const score = await onlyScore(entry, output, expected, { services: { matchRegex } })
    expect(score).toMatchObject(wanted === 'failed' ? { score: 0, failed: true } : { score: wanted, failed: false })
  })

  it('counts groups as the engine does', () => {
    expect(groupNumber('\\((?:a)[(](?<!x)(?=y)(b)(?<n>c)', 'n')).toBe(2)
    expect(groupNumber('(a)', 'n')).toBeNull()
  })

  it('fails on a pattern that is stopped', async () => {
    const stopped = { matchRegex: async (): Promise<RegexVerdict> => ({ kind: 'timed-out' }) }
    expect(
      await onlyScore({ type: 'regex', pattern: 'a', negate: true }, 'a', [], { services: stopped }),
    ).toMatchObject({ score: 0, failed: true })
  })
})

describe('javascript', () => {
  it.each<[ScriptVerdict, number | 'failed']>([
    [{ kind: 'value', value: true }, 1],
    [{ kind: 'value', value: 0.25 }, 0.25],
    [{ kind: 'value', value: { score: false, reason: 'because' } }, 0],
    [{ kind: 'value', value: 2 }, 'failed'],
    [{ kind: 'value', value: 'yes' }, 'failed'],
    [{ kind: 'value', value: null }, 'failed'],
    [{ kind: 'value', value: { score: { score: 1 } } }, 'failed'],
    [{ kind: 'error', message: 'ReferenceError: x' }, 'failed'],
    [{ kind: 'timed-out' }, 'failed'],
  ])('%j: %s', async (verdict, wanted) => {
    const score = await onlyScore({ type: 'javascript', code: '1' }, 'x', [], {
      services: { runScript: async () => verdict },
    })
    expect(score).toMatchObject(wanted === 'failed' ? { score: 0, failed: true } : { score: wanted, failed: false })
  })
})

describe('properties', () => {
  const simple = fc.constantFrom<EvaluatorEntry>(
    { type: 'equals' },
    { type: 'equals', ignoreCase: true, ignorePunctuation: true, trim: true },
    { type: 'contains' },
    { type: 'contains-all', ignoreCase: true },
    { type: 'starts-with' },
    { type: 'one-of', labels: ['spam', 'ham', 'not spam'] },
    { type: 'number', relative: 0.1 },
    { type: 'set' },
    { type: 'set', f1: true },
    { type: 'json' },
    { type: 'json-schema', schema: { type: 'object' } },
    { type: 'json-fields' },
    { type: 'levenshtein' },
    { type: 'token-f1' },
    { type: 'rouge-l' },
    { type: 'bleu' },
    { type: 'length', max: 5, unit: 'words' },
    { type: 'all-of', evaluators: [{ type: 'contains' }, { type: 'length', max: 9 }] },
  )
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.json(),
    fc.constantFrom('spam', 'Ham.', '12', '1, 2', 'a\r\nb', ''),
  )
  const expected = fc.array(text, { maxLength: 3 })

  it('every score is in [0, 1], and negating twice changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(simple, text, expected, async (entry, output, accepted) => {
        const plain = await onlyScore(entry, output, accepted)
        expect(plain.score).toBeGreaterThanOrEqual(0)
        expect(plain.score).toBeLessThanOrEqual(1)
        const negated = await onlyScore({ ...entry, negate: true }, output, accepted)
        expect(negated.failed).toBe(plain.failed)
        expect(negated.score).toBeCloseTo(plain.failed ? 0 : 1 - plain.score, 12)
      }),
      { seed: 7, numRuns: 2000 },
    )
  })

  it('the order of the evaluators, and of the accepted answers, changes no score', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(simple, { minLength: 1, maxLength: 5 }),
        text,
        expected,
        async (entries, output, accepted) => {
          const [one, other] = await Promise.all([
            evaluateCell(specsOf(...entries), cellOf(output, accepted), servicesWith()),
            evaluateCell(specsOf(...entries.toReversed()), cellOf(output, accepted.toReversed()), servicesWith()),
          ])
          expect(other.score).toBeCloseTo(one.score, 12)
          expect(other.passed).toBe(one.passed)
        },
      ),
      { seed: 7, numRuns: 500 },
    )
  })

  it('an accepted answer more never lowers a score', async () => {
    const choosing = simple.filter(
      ({ type }) => !['contains-all', 'set', 'json', 'bleu', 'all-of', 'one-of'].includes(type),
    )
    await fc.assert(
      fc.asyncProperty(choosing, text, expected, text, async (entry, output, accepted, more) => {
        const few = await onlyScore(entry, output, accepted)
        const many = await onlyScore(entry, output, [...accepted, more === '' ? 'x' : more])
        expect(many.score).toBeGreaterThanOrEqual(few.score)
      }),
      { seed: 7, numRuns: 500 },
    )
  })
})

describe('speed', () => {
  it('evaluates 10,000 cells by equals and one-of in well under 100 ms each', async () => {
    for (const entry of [
      { type: 'equals', ignoreCase: true, trim: true, ignorePunctuation: true },
      { type: 'one-of', labels: ['spam', 'ham'] },
    ]) {
      const specs = specsOf(entry)
      const cells = Array.from({ length: 10_000 }, (_, i) => cellOf(i % 2 === 0 ? 'Spam.' : 'ham', ['spam']))
      const services = servicesWith()
      let best = Number.POSITIVE_INFINITY
      // The best of five, since other work of the machine only ever adds to it.
      for (let round = 0; round < 5; round++) {
        const start = performance.now()
        for (const cell of cells) await evaluateCell(specs, cell, services)
        best = Math.min(best, performance.now() - start)
      }
      expect(best).toBeLessThan(100)
    }
  })
})

it('knows a version of every type, and refuses an unknown one', () => {
  for (const { type } of evaluatorDefinitions) expect(evaluatorVersion(type)).toBeGreaterThanOrEqual(1)
  expect(() => evaluatorVersion('nope')).toThrow('unknown evaluator "nope"')
})
