import { describe, expect, test } from 'vitest'
import type { Execution } from '../../domain/execution.ts'
import { cellId, experimentId } from '../../domain/ids.ts'
import type { ExperimentReport } from '../../domain/report.ts'
import { buildReport } from '../report.ts'
import { drawn, modelOf, outcome, scored, storedInput } from '../test/inputs.ts'
import { renderComparisonsCsv, renderCsv } from './csv.ts'
import { renderExecutions } from './executions.ts'
import { renderHtml } from './html.ts'
import { renderJson } from './json.ts'
import { renderJunit } from './junit.ts'
import { renderMarkdown } from './markdown.ts'
import { escapeMarkup, forTerminal, onOneLine } from './sanitise.ts'
import { renderTerminal } from './terminal.ts'
import { displayWidth } from './text-layout.ts'

const payloads = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "';alert(1)//",
  ']]><svg onload=alert(1)>',
  '=HYPERLINK("http://evil.example","click")',
  '\u001b]0;owned\u0007\u001b[31mred',
  '[click](javascript:alert(1)) | `code` | ![x](http://evil.example/x.png)',
  'a\u0000b\ud800c\ufffe',
]

const nasty = (index: number): ExperimentReport => {
  const name = payloads[index] ?? ''
  const cells = [
    ...scored({ plain: [0, 1, 0, 1, 0.5, 1, 0, 1] }, { costUsd: 0.01, latencyMs: 100 }),
    ...scored({ [name]: [1, 1, 1, 1, 0.7, 1, 0, 1] }, { costUsd: 0.02, latencyMs: 120 }),
  ].flatMap((cell) => [cell, { ...cell, model: name, fromCache: true }])
  const report = buildReport(
    storedInput(cells, {
      snapshot: {
        models: [modelOf('m'), modelOf(name)],
        gates: {
          passRate: { relation: '>=', limit: 0.9, source: name },
          caseMinimum: true,
          notWorseThanBaseline: true,
        },
        constraints: [{ metric: 'quality', relation: '>=', limit: 0.5, quantile: null, source: name }],
      },
    }),
  )
  return { ...report, project: name, notes: [...report.notes, name] }
}

const ordinary = (): ExperimentReport => {
  const cells = ['plain', 'guided', 'short'].flatMap((variant, v) =>
    Array.from({ length: 40 }, (_, c) =>
      outcome({
        variant,
        case: `c${c}`,
        score: drawn(100 * v + c) < 0.5 + 0.2 * v ? 1 : 0,
        costUsd: 0.001 * (v + 1) * (1 + drawn(c)),
        latencyMs: 300 + 400 * drawn(c + v),
      }),
    ),
  )
  return buildReport(
    storedInput(cells, {
      snapshot: {
        gates: {
          passRate: { relation: '>=', limit: 0.8, source: '>= 0.8' },
          caseMinimum: false,
          notWorseThanBaseline: true,
        },
      },
    }),
  )
}

/** A small strict reader of XML: tags balance, attributes are quoted, no raw markup character, no illegal character. */
const assertWellFormed = (xml: string): void => {
  expect(xml).not.toMatch(/(?![\t\n\r\u007f-\u009f])\p{Cc}|[\ufffe\uffff]/u)
  expect(xml.isWellFormed()).toBe(true)
  const body = xml.replace(/^<\?xml[^?]*\?>\s*/, '')
  const token = /<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy
  const open: string[] = []
  let roots = 0
  let position = 0
  for (const match of body.matchAll(token)) {
    expect(match.index).toBe(position)
    position = match.index + match[0].length
    const [, close, name = '', attributes = '', selfClosing, text] = match
    for (const value of [attributes, text ?? ''])
      expect(value.replace(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toContain('&')
    if (text !== undefined) continue
    const names = [...attributes.matchAll(/([\w:-]+)="/g)].map((one) => one[1])
    expect(new Set(names).size).toBe(names.length)
    if (close === '/') expect(open.pop()).toBe(name)
    else {
      if (open.length === 0) roots++
      if (selfClosing !== '/') open.push(name)
    }
  }
  expect(position).toBe(body.length)
  expect(open).toEqual([])
  expect(roots).toBe(1)
}

/** HTML of ours is XML but for the doctype and void elements. */
const asXml = (html: string): string =>
  html
    .replace(/^<!doctype html>\n/, '')
    .replace(/<(meta)((?:\s+[\w:-]+="[^"<]*")*)>/g, '<$1$2/>')
    .replace(/<style>[^<]*<\/style>/, '')

describe('HTML', () => {
  test.each(payloads.map((payload, i) => [payload, i] as const))('%j stays text', (_, i) => {
    const html = renderHtml(nasty(i))
    assertWellFormed(asXml(html))
    expect(html).not.toMatch(/<(script|img|iframe|object|link|a|form|input)\b/i)
    for (const [, tag = ''] of html.matchAll(/<([a-z][^>]*)>/gi)) expect(tag).not.toMatch(/\son\w+=/i)
  })

  test('one file: nothing is loaded, no script runs, and the page says so to the browser', () => {
    const html = renderHtml(ordinary())
    expect(html).not.toMatch(/(?:src|href|url)\s*[=(]/i)
    expect(html).toContain('default-src &#39;none&#39;')
    expect(html).toContain('prefers-color-scheme:dark')
    expect(html).toContain('@media print')
  })

  test('every chart has a name, a description and a table twin', () => {
    const html = renderHtml(ordinary())
    const charts = [...html.matchAll(/<svg class="chart"[^>]*aria-labelledby="([^"]+)"/g)].map((one) => one[1] ?? '')
    expect(charts.length).toBe(5)
    for (const ids of charts) for (const id of ids.split(' ')) expect(html).toContain(`id="${id}"`)
    expect(html.match(/<table>/g)?.length).toBeGreaterThanOrEqual(charts.length)
    expect(html.match(/<h1>/g)).toHaveLength(1)
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map((one) => one[1])
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('no number is drawn outside of its chart or as NaN', () => {
    const html = renderHtml(ordinary())
    expect(html).not.toMatch(/NaN|Infinity|undefined|null/)
    for (const [, x] of html.matchAll(/\s(?:x|cx|x1|x2)="([^"]+)"/g)) {
      expect(Number(x)).toBeGreaterThanOrEqual(0)
      expect(Number(x)).toBeLessThanOrEqual(960)
    }
  })

  test('an empty report and a report of one cell render', () => {
    for (const cells of [[], scored({ a: [1] }), scored({ a: [0.5], b: [0.5] })]) {
      const report = buildReport(storedInput(cells))
      assertWellFormed(asXml(renderHtml(report)))
      expect(renderTerminal(report, { width: 80 })).not.toMatch(/NaN|undefined|null/)
      expect(renderMarkdown(report)).not.toMatch(/NaN|undefined|null/)
      assertWellFormed(renderJunit(report))
    }
  })
})

describe('JUnit', () => {
  test.each(payloads.map((payload, i) => [payload, i] as const))('%j keeps the XML valid', (payload, i) => {
    const cell = {
      variant: 'plain',
      model: 'm',
      case: payload,
      repetition: 1,
      passed: false,
      failed: false,
      score: 0,
      latencyMs: 3,
      message: payload,
    }
    assertWellFormed(renderJunit(nasty(i), [cell]))
  })

  test('a suite per combination, a test per gate and cell, counts that add up', () => {
    const report = ordinary()
    const cell = { variant: 'guided', model: 'm', repetition: 1, score: 0, latencyMs: 1500, message: '' }
    const xml = renderJunit(report, [
      { ...cell, case: 'x', passed: false, failed: true },
      { ...cell, case: 'y', passed: true, failed: false },
      { ...cell, case: 'z', passed: null, failed: false },
    ])
    assertWellFormed(xml)
    expect(xml.match(/<testsuite /g)).toHaveLength(3)
    expect(xml.match(/<testcase /g)).toHaveLength(report.gates.length + 3)
    expect(xml).toContain('<testsuite name="guided on m" tests="5" failures="1" errors="1" skipped="1" time="4.500">')
    expect(xml).toMatch(/<testsuites name="spam" tests="7" /)
  })
})

describe('CSV', () => {
  test('formulas in names are inert, numbers are numbers', () => {
    const report = buildReport(
      storedInput(
        scored({ base: [0.5, 0.6, 0.9], '=1+1': [0.1, 0.2, 0.2], '-x,"y"': [0.2, 0.1, 0.4], '\tq': [0, 0, 0.5] }),
      ),
    )
    const lines = renderCsv(report).split('\r\n')
    expect(lines[2]).toMatch(/^'=1\+1,/)
    expect(lines[3]).toMatch(/^"'-x,""y""",/)
    expect(lines[4]).toMatch(/^'\tq,/)
    expect(lines.at(-1)).toBe('')
    const comparisons = renderComparisonsCsv(report)
    expect(comparisons).toMatch(/quality,base,m,'=1\+1,m,3,-0\.5/)
  })
})

describe('Markdown', () => {
  test('no link, image, HTML or table break of a name works', () => {
    for (const i of payloads.keys()) {
      const markdown = renderMarkdown(nasty(i))
      expect(markdown).not.toMatch(/(?<!\\)\]\(/)
      expect(markdown).not.toMatch(/<[a-z]/i)
      expect(markdown).not.toMatch(/https?:\/\//)
      const rows = markdown.split('\n').filter((line) => line.startsWith('| '))
      const results = rows.slice(0, 6).map((line) => line.replace(/\\\|/g, '').split('|').length)
      expect(new Set(results).size).toBe(1)
    }
  })
})

describe('terminal', () => {
  test('names cannot move the cursor, recolour or set the title', () => {
    for (const i of payloads.keys()) {
      const text = renderTerminal(nasty(i), { width: 100, files: [`out/${payloads[i]}`] })
      expect(text).not.toMatch(/(?![\n\t])\p{Cc}/u)
    }
  })

  test('fits the width, and says which columns it left out', () => {
    for (const width of [60, 80, 120]) {
      const text = renderTerminal(ordinary(), { width })
      for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width)
    }
    expect(renderTerminal(ordinary(), { width: 50 })).toContain('too narrow for')
  })

  test('first what was run, then rows, comparisons, gates, best, advice, files', () => {
    const text = renderTerminal(ordinary(), { width: 110, files: ['out/report.html'] })
    const order = [
      'spam',
      '3 prompt variants on 1 model',
      'variant ',
      'Quality',
      'Cost',
      'Latency',
      'Gates',
      'Best:',
      'With this many cases',
      'out/report.html',
    ]
    const places = order.map((word) => text.indexOf(word))
    expect(places.every((place) => place >= 0)).toBe(true)
    expect(places).toEqual([...places].sort((a, b) => a - b))
  })

  test('colours come from the given function alone', () => {
    const plain = renderTerminal(ordinary(), { width: 100 })
    const painted = renderTerminal(ordinary(), { width: 100, paint: (style, text) => `<${style}>${text}</>` })
    expect(painted).toContain('<bold>')
    expect(painted.replace(/<\/?\w*>/g, '')).toBe(plain)
  })
})

test('sanitising keeps what people write', () => {
  expect(forTerminal('naïve 東京 👍🏽\n\ttab\r\nend')).toBe('naïve 東京 👍🏽\n\ttab\nend')
  expect(forTerminal('a\u001b[2Jb\u009b31mc\rd\u202ee')).toBe('a[2Jb31mcde')
  expect(onOneLine('a\nb\u2028c')).toBe('a b c')
  expect(escapeMarkup('a & <b> "c" \'d\'')).toBe('a &amp; &lt;b&gt; &quot;c&quot; &#39;d&#39;')
})

test('JSON carries schema and lab version and survives a round trip', () => {
  const report = ordinary()
  const { schema, labVersion, ...rest } = JSON.parse(renderJson(report))
  expect(schema).toBe('report/1')
  expect(labVersion).toBe('0.1.0')
  expect(rest).toEqual(report)
})

test('executions: one line a cell, the contract fields and no others', () => {
  const execution: Execution = {
    experiment: experimentId('e1'),
    cell: cellId('e1:0'),
    variant: 'a',
    version: 1,
    model: 'm',
    servedModel: null,
    case: 'c',
    repetition: 1,
    messages: [{ role: 'user', content: 'two\nlines' }],
    output: 'x',
    finishReason: 'stop',
    score: 1,
    passed: true,
    scores: [{ evaluator: 'equals', score: 1, passed: true, reason: '', failed: false }],
    failure: null,
    inputTokens: null,
    outputTokens: 2,
    cachedInputTokens: null,
    costUsd: null,
    latencyMs: 3,
    firstTokenMs: null,
    fromCache: false,
    attempts: 1,
    startedAt: '2026-01-01T00:00:00Z',
    traceId: null,
    userFeedback: null,
  }
  const lines = renderExecutions([execution, execution]).split('\n')
  expect(lines).toHaveLength(3)
  const { scores: _, ...parsed } = JSON.parse(lines[0] ?? '')
  const { scores: __, ...given } = execution
  expect(parsed).toEqual(given)
  expect(JSON.parse(lines[0] ?? '').scores).toEqual([{ evaluator: 'equals', score: 1, passed: true, reason: '' }])
})
