import type { Comparison, ExperimentReport } from '../../domain/report.ts'
import { combination } from '../wording.ts'
import { judgeLines } from './judge-lines.ts'
import * as parts from './parts.ts'
import { onOneLine } from './sanitise.ts'
import { clippedMiddle, displayWidth, padded, wrapped } from './text-layout.ts'

export type TerminalStyle = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

export type TerminalOptions = {
  /** Columns; tables drop columns and sentences wrap to fit. */
  readonly width: number
  /** Colours a text; absent or the identity for plain output. */
  readonly paint?: ((style: TerminalStyle, text: string) => string) | undefined
  /** Where the files of this report are. */
  readonly files?: readonly string[] | undefined
}

type Paint = (style: TerminalStyle, text: string) => string
type Page = { readonly report: ExperimentReport; readonly width: number; readonly paint: Paint }

/** Columns that go first when the terminal is narrow. */
const expendable = ['per success', 'p95', 'passed', 'p50', 'cost', 'tokens', 'failed', 'model']
const textColumns: readonly string[] = ['variant', 'model']

type Column = { readonly name: string; readonly cells: readonly string[]; readonly width: number }

const columnsOf = (report: ExperimentReport): Column[] =>
  parts.rowTable(report).map(({ name, cells }) => {
    const values = cells.map(onOneLine)
    return { name, cells: values, width: Math.max(displayWidth(name), ...values.map(displayWidth)) }
  })

const totalWidth = (columns: readonly Column[]): number =>
  columns.reduce((sum, column) => sum + column.width, 0) + 2 * (columns.length - 1)

const fitted = (all: readonly Column[], width: number): Column[] => {
  let columns = all.map((column) =>
    textColumns.includes(column.name) ? { ...column, width: Math.min(column.width, 32) } : column,
  )
  for (const name of expendable) {
    if (totalWidth(columns) <= width) break
    columns = columns.filter((column) => column.name !== name)
  }
  const excess = totalWidth(columns) - width
  return excess <= 0
    ? columns
    : columns.map((column) =>
        column.name === 'variant' ? { ...column, width: Math.max(8, column.width - excess) } : column,
      )
}

const table = ({ report, width, paint }: Page): string[] => {
  const all = columnsOf(report)
  const columns = fitted(all, width)
  const line = (cell: (column: Column) => string): string =>
    columns
      .map((column) =>
        padded(
          clippedMiddle(cell(column), column.width),
          column.width,
          textColumns.includes(column.name) ? 'left' : 'right',
        ),
      )
      .join('  ')
      .trimEnd()
  const left = all.filter((column) => !columns.some((kept) => kept.name === column.name)).map((column) => column.name)
  return [
    paint(
      'dim',
      line((column) => column.name),
    ),
    ...report.rows.map((_, i) => line((column) => column.cells[i] ?? '')),
    ...(left.length === 0 ? [] : [paint('dim', `(too narrow for: ${left.join(', ')})`)]),
  ]
}

const verdictStyles: Readonly<Record<string, TerminalStyle>> = {
  better: 'green',
  'cheaper-not-worse': 'green',
  worse: 'red',
  invalid: 'yellow',
  equivalent: 'cyan',
}

/** At most so many comparisons of one metric are spelled out; files hold all of them. */
const spelledOut = 12

const comparisonLines = ({ report, width, paint }: Page): string[] => {
  const all = parts.worthSaying(report)
  const only = parts.onlyOneModel(report)
  const said = (one: Comparison): string =>
    one.metric === report.analysis.primary ? one.sentence : parts.shortComparison(one, only)
  const metrics = [...new Set(all.map((one) => one.metric))]
  return metrics.flatMap((metric) => {
    const own = all.filter((one) => one.metric === metric)
    // Decided ones first: in a long list they are what matters.
    const ordered =
      own.length <= spelledOut
        ? own
        : [...own].sort((a, b) => Number(a.verdict === 'not-enough-data') - Number(b.verdict === 'not-enough-data'))
    const lines = ordered.slice(0, spelledOut).map((one) => {
      const style = verdictStyles[one.verdict]
      const text = `  ${wrapped(`${parts.verdictMarks[one.verdict]} ${onOneLine(said(one))}`, width - 2, '    ')}`
      return style === undefined ? text : paint(style, text)
    })
    const rest = own.length - lines.length
    const title = paint('bold', parts.metricTitle(metric, own))
    return [title, ...lines, ...(rest > 0 ? [paint('dim', `    and ${rest} more in the files`)] : [])]
  })
}

const judgeSection = ({ report, width, paint }: Page): string[] => {
  const lines = judgeLines(report)
  if (lines.length === 0) return []
  return [
    paint('bold', 'Judge, corrected by people'),
    ...lines.map((line) => `  ${wrapped(onOneLine(line), width - 2, '    ')}`),
  ]
}

/** Above so many gates only those that did not pass are listed. */
const gatesListed = 8

const gateLines = ({ report, width, paint }: Page): string[] => {
  const { gates } = report
  if (gates.length === 0) return []
  const only = parts.onlyOneModel(report)
  const shown = gates.length <= gatesListed ? gates : gates.filter((gate) => gate.passed !== true)
  const lines = shown.map((gate) => {
    const word = padded(parts.gateWords(gate.passed), 9, 'left')
    const mark = gate.passed === null ? paint('yellow', word) : paint(gate.passed ? 'green' : 'red', word)
    const rest = onOneLine(`${combination(gate, only)}, ${gate.name}: ${gate.sentence}`)
    const body = wrapped(rest, width - 13, '')
      .split('\n')
      .join(`\n${' '.repeat(13)}`)
    return `  ${mark}  ${body}`
  })
  const rest = gates.length - shown.length
  const passed = `  ${paint('green', padded('passed', 9, 'left'))}  ${rest === gates.length ? `all ${rest}` : `the other ${rest}`}`
  return [paint('bold', 'Gates'), ...lines, ...(rest > 0 ? [passed] : [])]
}

const recommended = { deploy: 'green', gather: 'yellow', evolve: 'yellow', keep: 'cyan' } as const

/** The report for people at a terminal. Every text from elsewhere is stripped of control characters. */
export const renderTerminal = (report: ExperimentReport, options: TerminalOptions): string => {
  const paint: Paint = options.paint ?? ((_, text) => text)
  const width = Math.max(40, options.width)
  const page: Page = { report, width, paint }
  const took = parts.whatItTook(report)
  const detectable = parts.detectableWords(report)
  const label = parts.labelWords(report)
  const wrap = (text: string): string => wrapped(onOneLine(text), width)
  const sections: string[][] = [
    [
      paint('bold', onOneLine(parts.titleOf(report))),
      wrap(parts.whatWasRun(report)),
      ...(took === null ? [] : [wrap(took)]),
      ...(label === null ? [] : [wrap(label)]),
      ...report.notes.map((note) => paint('yellow', wrapped(`! ${onOneLine(note)}`, width, '  '))),
    ],
    report.rows.length === 0 ? [] : table(page),
    comparisonLines(page),
    judgeSection(page),
    gateLines(page),
    [
      ...(report.rows.length === 0 ? [] : [wrap(parts.bestWords(report))]),
      ...(detectable === null ? [] : [wrap(detectable)]),
      paint(recommended[report.recommendation.action], paint('bold', wrap(report.recommendation.sentence))),
    ],
    (options.files ?? []).map((file) => paint('dim', onOneLine(file))),
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}
