import type { ExperimentReport } from '../../domain/report.ts'
import { escapeMarkup } from './sanitise.ts'

/** One case of one variant x model, where the caller wants them listed. */
export type JunitCase = {
  readonly variant: string
  readonly model: string
  readonly case: string
  readonly repetition: number
  readonly passed: boolean | null
  readonly failed: boolean
  readonly score: number
  readonly latencyMs: number | null
  /** Why it did not pass. */
  readonly message: string
}

type TestCase = {
  readonly name: string
  readonly className: string
  readonly seconds: number | null
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped'
  readonly message: string
}

const gateCase = (gate: ExperimentReport['gates'][number]): TestCase => ({
  name: `gate ${gate.name}`,
  className: `${gate.variant}.${gate.model}`,
  seconds: null,
  outcome: gate.passed === null ? 'skipped' : gate.passed ? 'passed' : 'failure',
  message: gate.sentence,
})

const cellCase = (cell: JunitCase, repeated: boolean): TestCase => ({
  name: repeated ? `${cell.case} (repetition ${cell.repetition})` : cell.case,
  className: `${cell.variant}.${cell.model}`,
  seconds: cell.latencyMs === null ? null : cell.latencyMs / 1000,
  outcome: cell.failed ? 'error' : cell.passed === null ? 'skipped' : cell.passed ? 'passed' : 'failure',
  message: cell.message === '' ? `score ${cell.score}` : cell.message,
})

const caseXml = ({ name, className, seconds, outcome, message }: TestCase): string => {
  const time = seconds === null ? '' : ` time="${seconds.toFixed(3)}"`
  const open = `    <testcase name="${escapeMarkup(name)}" classname="${escapeMarkup(className)}"${time}`
  if (outcome === 'passed') return `${open}/>`
  return `${open}>\n      <${outcome} message="${escapeMarkup(message)}"/>\n    </testcase>`
}

const tally = (cases: readonly TestCase[]): string => {
  const count = (outcome: TestCase['outcome']): number => cases.filter((one) => one.outcome === outcome).length
  const seconds = cases.reduce((sum, one) => sum + (one.seconds ?? 0), 0)
  const counts = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`
  return `${counts} time="${seconds.toFixed(3)}"`
}

/**
 * JUnit XML for build servers: a suite per variant x model with a test per gate, undecided gates skipped, and one per cell
 * where cells are given. A cell without an answer is an error, one that did not pass a failure.
 */
export const renderJunit = (report: ExperimentReport, cells: readonly JunitCase[] = []): string => {
  const repeated = cells.some((cell) => cell.repetition > 1)
  const key = ({ variant, model }: { readonly variant: string; readonly model: string }): string =>
    `${variant}\u0000${model}`
  const bySuite = new Map(report.rows.map((row) => [key(row), [] as TestCase[]]))
  for (const gate of report.gates) bySuite.get(key(gate))?.push(gateCase(gate))
  for (const cell of cells) bySuite.get(key(cell))?.push(cellCase(cell, repeated))
  const suites = report.rows.map((row) => {
    const cases = bySuite.get(key(row)) ?? []
    const open = `  <testsuite name="${escapeMarkup(`${row.variant} on ${row.model}`)}" ${tally(cases)}`
    return cases.length === 0 ? `${open}/>` : `${open}>\n${cases.map(caseXml).join('\n')}\n  </testsuite>`
  })
  const name = escapeMarkup(report.project ?? 'prompt-lab')
  const all = [...bySuite.values()].flat()
  const open = `<testsuites name="${name}" ${tally(all)}`
  const body = suites.length === 0 ? `${open}/>` : `${open}>\n${suites.join('\n')}\n</testsuites>`
  return `<?xml version="1.0" encoding="UTF-8"?>\n${body}\n`
}
