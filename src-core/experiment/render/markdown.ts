import type { ExperimentReport } from '../../domain/report.ts'
import { combination } from '../wording.ts'
import { judgeLines } from './judge-lines.ts'
import * as parts from './parts.ts'
import { onOneLine } from './sanitise.ts'

/** Names and sentences are data: no markup of theirs may work, in a table cell or outside. */
const plain = (text: string): string =>
  onOneLine(text)
    .replace(/[\\`*_[\]{}()#+!|~>-]/g, (mark) => (/[-+()#!]/.test(mark) ? mark : `\\${mark}`))
    .replace(/</g, '&lt;')
    .replace(/^([-+#]|\d+[.)])(?=\s)/, '\\$1')
    .replace(/\bhttps?:\/\//gi, (scheme) => scheme.replace(':', '&#58;'))

const tableOf = (columns: readonly string[], rows: readonly (readonly string[])[], firstNumber: number): string => {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(columns), line(columns.map((_, i) => (i < firstNumber ? '---' : '---:'))), ...rows.map(line)].join('\n')
}

const rowTable = (report: ExperimentReport): string => {
  const columns = parts.rowTable(report)
  return tableOf(
    columns.map((column) => column.name),
    report.rows.map((_, i) => columns.map((column) => plain(column.cells[i] ?? ''))),
    columns.filter((column) => column.isText).length,
  )
}

const comparisonList = (report: ExperimentReport): string[] => {
  const said = parts.worthSaying(report)
  if (said.length === 0) return []
  const items = said.map((one) => `- **${parts.verdictWords[one.verdict]}**: ${plain(one.sentence)}`)
  return ['## Comparisons', items.join('\n')]
}

const judgeList = (report: ExperimentReport): string[] => {
  const lines = judgeLines(report)
  if (lines.length === 0) return []
  return ['## Judge, corrected by people', lines.map((line) => `- ${plain(line)}`).join('\n')]
}

const gateTable = (report: ExperimentReport): string[] => {
  if (report.gates.length === 0) return []
  const only = parts.onlyOneModel(report)
  const rows = report.gates.map((gate) => [
    parts.gateWords(gate.passed),
    plain(combination(gate, only)),
    plain(gate.name),
    plain(gate.sentence),
  ])
  return ['## Gates', tableOf(['result', 'of', 'gate', 'why'], rows, 4)]
}

/** The report as GitHub-flavoured Markdown. */
export const renderMarkdown = (report: ExperimentReport): string => {
  const took = parts.whatItTook(report)
  const detectable = parts.detectableWords(report)
  const label = parts.labelWords(report)
  const blocks = [
    `# ${plain(parts.titleOf(report))}`,
    plain(parts.whatWasRun(report)),
    ...(took === null ? [] : [plain(took)]),
    ...(label === null ? [] : [plain(label)]),
    ...(report.notes.length === 0 ? [] : [report.notes.map((note) => `> ${plain(note)}`).join('\n>\n')]),
    `**${plain(report.recommendation.sentence)}**`,
    ...(report.rows.length === 0 ? [] : ['## Results', rowTable(report), plain(parts.bestWords(report))]),
    ...(detectable === null ? [] : [plain(detectable)]),
    ...comparisonList(report),
    ...judgeList(report),
    ...gateTable(report),
    '## Reproduction',
    parts
      .reproductionLines(report)
      .map(([label, value]) => `- ${plain(label)}: ${plain(value)}`)
      .join('\n'),
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}
