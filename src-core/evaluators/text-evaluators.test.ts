import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../domain/json.ts'
import type { EvaluatorEntry } from './definition.ts'
import { onlyScore } from './test/cell.ts'

type Row = readonly [entry: EvaluatorEntry, output: string, expected: readonly JsonValue[], score: number | 'failed']

const big = 'lorem ipsum '.repeat(90_000)
const eq = (more: object = {}): EvaluatorEntry => ({ type: 'equals', ...more })
const labels = (list: string[], more: object = {}): EvaluatorEntry => ({ type: 'one-of', labels: list, ...more })
const spam = labels(['spam', 'ham'])
const num = (more: object = {}): EvaluatorEntry => ({ type: 'number', ...more })
const set = (more: object = {}): EvaluatorEntry => ({ type: 'set', ...more })

const rows: Row[] = [
  // equals
  [eq(), 'ham', ['ham'], 1],
  [eq(), 'Ham', ['ham'], 0],
  [eq(), ' ham\n', ['ham'], 0],
  [eq({ trim: true }), ' ham\r\n', ['ham'], 1],
  [eq({ ignoreCase: true }), 'STRASSE', ['Straße'], 1],
  [eq({ ignoreCase: true }), 'ΟΔΟΣ', ['οδος'], 1],
  [eq(), 'cafe\u0301', ['caf\u00e9'], 1],
  [eq(), 'a\r\nb', ['a\nb'], 1],
  [eq({ ignorePunctuation: true }), '**spam**.', ['spam'], 1],
  [eq({ ignorePunctuation: true }), '-5', ['5'], 0],
  [eq({ ignorePunctuation: true }), '3.14.', ['3.14'], 1],
  [eq({ ignorePunctuation: true }), '?', ['!'], 0],
  [eq({ ignorePunctuation: true }), '👍', ['👎'], 0],
  [eq({ firstLine: true }), '\n\nspam\nbecause', ['spam'], 1],
  [eq({ firstLine: true, trim: true }), '\r\n spam \r\nbecause', ['spam'], 1],
  [eq(), '', [''], 1],
  [eq(), '', ['x'], 0],
  [eq(), '5', [5], 1],
  [eq(), 'true', [true], 1],
  [eq(), '{ "b": 1, "a": [1] }', [{ a: [1], b: 1 }], 1],
  [eq(), 'no', ['yes', 'no'], 1],
  [eq(), 'x', [], 'failed'],
  [eq({ value: 'x' }), 'x', [], 1],
  [eq({ value: ['y', 'x'] }), 'x', ['z'], 1],
  [eq(), big, ['x'], 0],
  // contains and kin
  [{ type: 'contains' }, 'the answer is 42.', ['42'], 1],
  [{ type: 'contains', ignoreCase: true }, 'PARIS', ['paris'], 1],
  [{ type: 'contains' }, 'PARIS', ['paris'], 0],
  [{ type: 'contains' }, 'a\r\nb', ['a\nb'], 1],
  [{ type: 'contains' }, '', ['x'], 0],
  [{ type: 'contains' }, 'x', [''], 'failed'],
  [{ type: 'contains' }, `${big}needle`, ['needle'], 1],
  [{ type: 'contains-any' }, 'b', ['a', 'b'], 1],
  [{ type: 'contains-any' }, 'c', ['a', 'b'], 0],
  [{ type: 'contains-all' }, 'a b', ['a', 'b'], 1],
  [{ type: 'contains-all' }, 'a', ['a', 'b'], 0],
  [{ type: 'starts-with' }, '  Yes, of course', ['Yes'], 1],
  [{ type: 'starts-with' }, 'No. Yes', ['Yes'], 0],
  // one-of
  [spam, 'Spam.', ['spam'], 1],
  [spam, 'It is ham, not spam', ['ham'], 1],
  [spam, 'It is ham, not spam', ['spam'], 0],
  [spam, 'spammer', ['spam'], 0],
  [spam, 'a non-spam mail: ham', ['ham'], 1],
  [spam, 'not_spam', ['spam'], 0],
  [spam, '**spam**', ['spam'], 1],
  [spam, '_spam_', ['spam'], 1],
  [spam, '"label":"spam"', ['SPAM'], 1],
  [spam, '', ['spam'], 0],
  [spam, 'spam', ['eggs'], 'failed'],
  [spam, 'spam', [], 'failed'],
  [spam, `${big} ham`, ['ham'], 1],
  [labels(['spam', 'not spam']), 'Not  spam', ['not spam'], 1],
  [labels(['not spam', 'spam']), 'spam', ['spam'], 1],
  [labels(['A', 'B']), 'B) because A', ['B'], 1],
  [labels(['A', 'a'], { ignoreCase: false }), 'a', ['a'], 1],
  [labels(['C++', 'C']), 'I choose C++.', ['C++'], 1],
  [labels(['C++', 'C']), 'I choose C.', ['C'], 1],
  [labels(['是', '否']), '我认为是的', ['是'], 1],
  [labels(['café', 'thé']), 'CAFE\u0301', ['café'], 1],
  [labels(['straße', 'weg']), 'STRASSE', ['straße'], 1],
  [labels(['1', '2']), '12', ['1'], 0],
  // number
  [num(), 'so 3 + 4 = 7', ['7'], 1],
  [num(), 'The total is $1,234.50.', ['1234.5'], 1],
  [num(), '#### 1,000,000', [1_000_000], 1],
  [num({ pick: 'first' }), '7, then 8', [7], 1],
  [num({ pick: 'only' }), '7, then 8', [8], 0],
  [num({ pick: 'only' }), 'it is 8', [8], 1],
  [num(), '-5', [-5], 1],
  [num(), '\u22125', [-5], 1],
  [num(), '-$5', [-5], 1],
  [num(), '+5', [5], 1],
  [num(), '10-5', [5], 1],
  [num(), '.5', [0.5], 1],
  [num(), '1.5e3', [1500], 1],
  [num(), '1\u202f234', [1234], 1],
  [num(), "1'234", [1234], 1],
  [num(), '45%', ['45%'], 1],
  [num(), '45 %', [0.45], 1],
  [num(), '45%', [45], 1],
  [num(), '0.45', ['45%'], 1],
  [num(), '0.45', [45], 0],
  [num({ decimal: ',' }), '1.234,5', ['1234,5'], 1],
  [num({ tolerance: 0.1 }), '3.14', [3.2], 1],
  [num({ tolerance: 0.01 }), '3.14', [3.2], 0],
  [num({ relative: 0.1 }), '95', [100], 1],
  [num({ relative: true, tolerance: 0.01 }), '95', [100], 0],
  [num(), '0.30000000000000004', [0.3], 1],
  [num(), '٤٢', [42], 1],
  [num(), '４２', [42], 1],
  [num(), 'none', [1], 0],
  [num(), '', [1], 0],
  [num(), '1', ['one'], 'failed'],
  [num(), `${big}12`, [12], 1],
  [num(), '2, 3', ['1', '3'], 1],
  // set
  [set(), 'b, a', ['a', 'b'], 1],
  [set(), 'b, a', ['a, b'], 1],
  [set(), '- B\r\n- a\r\n', ['a', 'b'], 1],
  [set(), '1. a\n2) b', ['a', 'b'], 1],
  [set(), '["a", "b"]', ['a', 'b'], 1],
  [set(), 'a, a, b', ['a', 'b'], 1],
  [set(), 'a, c', ['a', 'b'], 0],
  [set({ separator: '|' }), 'a|b,c', ['a', 'b,c'], 1],
  [set({ separator: '|' }), 'a,b', ['a', 'b'], 0],
  [set({ separator: '|' }), 'a|b,c', ['a|b,c'], 1],
  [set({ f1: true }), 'a, c', ['a', 'b'], 0.5],
  [set({ f1: true }), '', ['a'], 0],
  [set(), '', [''], 1],
  [set({ ignoreCase: false }), 'A', ['a'], 0],
]

describe('text evaluators', () => {
  it.each(
    rows.map(
      (row) => [`${JSON.stringify(row[0])} on ${JSON.stringify(row[1].slice(0, 60))}: ${row[3]}`, ...row] as const,
    ),
  )('%s', async (_, entry, output, expected, wanted) => {
    const score = await onlyScore(entry, output, expected)
    expect({ score: score.score, failed: score.failed }).toEqual(
      wanted === 'failed' ? { score: 0, failed: true } : { score: wanted, failed: false },
    )
    expect(score.reason).not.toBe('')
  })

  it('says what was expected and what came', async () => {
    expect((await onlyScore(eq(), 'ham', ['spam'])).reason).toBe('expected "spam", got "ham"')
    expect((await onlyScore(spam, 'ham', ['spam'])).reason).toBe('said ham, expected spam')
    expect((await onlyScore({ type: 'contains' }, 'b', ['a'])).reason).toBe('does not contain "a"')
  })

  it('keeps reasons short for a huge output', async () => {
    expect((await onlyScore(eq(), big, ['x'])).reason.length).toBeLessThan(200)
  })
})
