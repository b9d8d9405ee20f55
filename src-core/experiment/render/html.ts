import type { Metric } from '../../domain/objective.ts'
import type { Comparison, ExperimentReport, GateResult } from '../../domain/report.ts'
import { combination, count, dollars, level, metricLabel, pValue, score } from '../wording.ts'
import { differenceWords, forestPlot } from './forest-plot.ts'
import { style } from './html-style.ts'
import { intervalPlot } from './interval-plot.ts'
import { judgeLines } from './judge-lines.ts'
import * as parts from './parts.ts'
import { escapeMarkup as esc } from './sanitise.ts'
import { scatterPlot, withFront } from './scatter-plot.ts'

type Cell = { readonly text: string; readonly kind: 'head' | 'text' | 'number'; readonly className?: string }

const text = (value: string, className?: string): Cell => ({
  text: value,
  kind: 'text',
  ...(className === undefined ? {} : { className }),
})
const number = (value: string): Cell => ({ text: value, kind: 'number' })
const head = (value: string): Cell => ({ text: value, kind: 'head' })

const cellHtml = ({ text: value, kind, className }: Cell): string => {
  if (kind === 'head') return `<th scope="row">${esc(value)}</th>`
  const names = [kind === 'number' ? 'number' : '', className ?? ''].filter((name) => name !== '').join(' ')
  return `<td${names === '' ? '' : ` class="${names}"`}>${esc(value)}</td>`
}

const tableHtml = (caption: string, columns: readonly string[], rows: readonly (readonly Cell[])[]): string => {
  const kinds = columns.map((_, i) => rows[0]?.[i]?.kind ?? 'text')
  const heads = columns.map(
    (name, i) => `<th scope="col"${kinds[i] === 'number' ? ' class="number"' : ''}>${esc(name)}</th>`,
  )
  const body = rows.map((cells) => `<tr>${cells.map(cellHtml).join('')}</tr>`).join('\n')
  return `<div class="scroll" tabindex="0" role="region" aria-label="${esc(caption)}"><table><caption>${esc(caption)}</caption><thead><tr>${heads.join('')}</tr></thead><tbody>\n${body}\n</tbody></table></div>`
}

const paragraph = (value: string, className = ''): string =>
  `<p${className === '' ? '' : ` class="${className}"`}>${esc(value)}</p>`

const baselineOf = (report: ExperimentReport): string | null => report.comparisons[0]?.baseline.variant ?? null

const resultsHtml = (report: ExperimentReport): string => {
  if (report.rows.length === 0) return paragraph('There are no results yet.')
  const only = parts.onlyOneModel(report)
  const baseline = baselineOf(report)
  const chart = intervalPlot(
    report.rows.map((row) => ({ name: combination(row, only), row, isBaseline: row.variant === baseline })),
    level(1 - report.analysis.alpha),
  )
  const columns = parts.rowTable(report)
  const cells = report.rows.map((_, i) =>
    columns.map((column, c) => {
      const value = column.cells[i] ?? ''
      return c === 0
        ? head(value)
        : column.isText
          ? text(value, value.length <= 24 ? 'name' : undefined)
          : number(value)
    }),
  )
  const legend =
    baseline === null
      ? ''
      : paragraph(
          `The square is the baseline (${baseline}); lines are ${level(1 - report.analysis.alpha)} intervals of the mean.`,
          'soft',
        )
  const caption = 'Results: one line per variant and model; cost and latency per cell'
  return `<h2>Results</h2>${legend}${chart}${tableHtml(
    caption,
    columns.map((column) => column.name),
    cells,
  )}${paragraph(parts.bestWords(report))}`
}

const verdictClass: Readonly<Record<Comparison['verdict'], string>> = {
  better: 'verdict good',
  'cheaper-not-worse': 'verdict good',
  worse: 'verdict bad',
  invalid: 'verdict warn',
  equivalent: 'verdict',
  'not-enough-data': 'verdict',
}

const comparisonTable = (metric: Metric, all: readonly Comparison[], only: boolean): string => {
  const pText = (p: number | null): string => (p === null ? parts.unknown : pValue(p).replace(/^p (= )?/, ''))
  const methods = [...new Set(all.map((one) => one.method))]
  const rows = all.map((one) => {
    const { effect, interval } = differenceWords(one)
    return [
      head(parts.pairWords(one, only)),
      number(String(one.n)),
      number(effect),
      number(interval),
      number(pText(one.p)),
      number(pText(one.pAdjusted)),
      text(`${parts.verdictMarks[one.verdict]} ${parts.comparisonWords(one)}`, verdictClass[one.verdict]),
      ...(methods.length > 1 ? [text(one.method)] : []),
    ]
  })
  const levels = [...new Set(all.map((one) => level(one.ciLevel)))].join(' and ')
  const caption = `${metricLabel(metric)}: candidate against baseline; ${levels} simultaneous intervals${methods.length > 1 ? '' : `; ${methods[0]}`}`
  const columns = ['comparison', 'cases', 'effect', 'interval', 'p', 'adjusted p', 'verdict']
  return tableHtml(caption, methods.length > 1 ? [...columns, 'analysis'] : columns, rows)
}

const comparisonsHtml = (report: ExperimentReport): string => {
  const said = parts.worthSaying(report)
  if (said.length === 0) return ''
  const only = parts.onlyOneModel(report)
  const metrics = [...new Set(said.map((one) => one.metric))]
  const sections = metrics.map((metric) => {
    const all = said.filter((one) => one.metric === metric)
    const named = all.map((one) => ({
      name: parts.pairWords(one, only),
      comparison: one,
      verdict: parts.comparisonWords(one),
    }))
    // The metric that the run was about in sentences; the others are clear from chart and table.
    const spoken = all.filter((one) => metric === report.analysis.primary || one.verdict === 'invalid')
    const items = spoken.map((one) => `<li>${esc(one.sentence)}</li>`).join('\n')
    const sentences = items === '' ? '' : `<ul class="sentences">\n${items}\n</ul>`
    return `<h3>${esc(parts.metricTitle(metric, all))}</h3>${forestPlot(named, `forest-${metric}`)}${sentences}${comparisonTable(metric, all, only)}`
  })
  const detectable = parts.detectableWords(report)
  const legend =
    'Triangle up: better; down: worse; square: equivalent; diamond: cheaper and not worse; ring: no difference shown. The shaded band is the margin.'
  return `<h2>Comparisons</h2>${detectable === null ? '' : paragraph(detectable)}${paragraph(legend, 'soft')}${sections.join('\n')}`
}

const judgeHtml = (report: ExperimentReport): string => {
  const items = judgeLines(report).map((line) => `<li>${esc(line)}</li>`)
  return items.length === 0
    ? ''
    : `<h2>Judge, corrected by people</h2><ul class="sentences">\n${items.join('\n')}\n</ul>`
}

const tradeOffHtml = (report: ExperimentReport): string => {
  const only = parts.onlyOneModel(report)
  const costs = report.rows.map((row) => row.costUsd)
  const inDollars = costs.some((cost) => cost !== null && cost > 0)
  // Tokens stand for cost only where one model counts them: those of different models do not compare.
  if (!inDollars && !only) return ''
  const tokens = (row: (typeof report.rows)[number]): number | null =>
    row.inputTokens === null || row.outputTokens === null ? null : row.inputTokens + row.outputTokens
  const points = report.rows.flatMap((row, i) => {
    const cost = inDollars ? row.costUsd : tokens(row)
    return cost === null || row.mean === null
      ? []
      : [{ name: combination(row, only), number: i + 1, cost, quality: row.mean }]
  })
  if (points.length < 2) return ''
  const drawn = withFront(points)
  const label = inDollars ? 'cost per cell in US dollars' : 'tokens per cell'
  const rows = drawn.map((point) => [
    head(String(point.number)),
    text(point.name),
    number(inDollars ? dollars(point.cost) : count(point.cost)),
    number(score(point.quality)),
    text(point.isFront ? 'yes' : 'no'),
  ])
  const table = tableHtml(
    'Quality and cost; on the front means that nothing else is both as cheap and as good',
    ['no.', 'variant', label, 'quality', 'on the front'],
    rows,
  )
  return `<h2>Quality and cost</h2>${scatterPlot(drawn, label, !inDollars)}${table}`
}

const gateClass = (gate: GateResult): string =>
  gate.passed === null ? 'verdict warn' : gate.passed ? 'verdict good' : 'verdict bad'

const gatesHtml = (report: ExperimentReport): string => {
  if (report.gates.length === 0) return ''
  const only = parts.onlyOneModel(report)
  const rows = report.gates.map((gate) => [
    head(combination(gate, only)),
    text(gate.name),
    text(parts.gateWords(gate.passed), gateClass(gate)),
    text(gate.sentence),
  ])
  return `<h2>Gates</h2>${tableHtml('Limits that a variant must keep', ['variant', 'gate', 'result', 'why'], rows)}`
}

const reproductionHtml = (report: ExperimentReport): string => {
  const items = parts.reproductionLines(report).map(([name, value]) => `<dt>${esc(name)}</dt><dd>${esc(value)}</dd>`)
  return `<h2>Reproduction</h2>${paragraph('What another person needs to make the same run.', 'soft')}<dl>${items.join('\n')}</dl>`
}

/** No scripts and nothing from outside, and the browser is told to hold the page to it. */
const policy = "default-src 'none'; style-src 'unsafe-inline'"

/** The report as one self-contained HTML file. */
export const renderHtml = (report: ExperimentReport): string => {
  const title = parts.titleOf(report)
  const took = parts.whatItTook(report)
  const label = parts.labelWords(report)
  const notes =
    report.notes.length === 0
      ? ''
      : `<ul class="notes" aria-label="Notes">${report.notes.map((note) => `<li>${esc(note)}</li>`).join('')}</ul>`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${esc(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Prompt Lab ${esc(report.reproduction.labVersion)}">
<title>${esc(title)}: Prompt Lab report</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${esc(title)}</h1>
${paragraph(parts.whatWasRun(report))}
${took === null ? '' : paragraph(took, 'soft')}
${label === null ? '' : paragraph(label, 'soft')}
${notes}
${paragraph(report.recommendation.sentence, 'advice')}
${resultsHtml(report)}
${comparisonsHtml(report)}
${judgeHtml(report)}
${tradeOffHtml(report)}
${gatesHtml(report)}
${reproductionHtml(report)}
</main>
</body>
</html>
`
}
