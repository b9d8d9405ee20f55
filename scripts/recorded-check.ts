/**
 * `node scripts/recorded-check.ts REPORT.json NAME OUT/published.json`: holds the rows of a report (`analyze --json`) against
 * what the authors published, and prints the verdicts on quality and cost. Exits 1 when a published total is missed.
 */
import { readFileSync } from 'node:fs'
import type { ExperimentReport } from '../src-core/domain/report.ts'

const [file, name, publishedFile] = process.argv.slice(2)
if (file === undefined || name === undefined || publishedFile === undefined) {
  process.stderr.write('usage: node scripts/recorded-check.ts REPORT.json NAME PUBLISHED.json\n')
  process.exit(1)
}
type Total = {
  readonly variant: string
  readonly model: string
  readonly passed?: number
  readonly mean?: number
  readonly costUsd?: number
}
const report = JSON.parse(readFileSync(file, 'utf8')) as ExperimentReport
const totals = (JSON.parse(readFileSync(publishedFile, 'utf8')) as Record<string, Total[]>)[name] ?? []

// Published percentages are rounded to a tenth in one source; counts and costs are exact.
const near = (a: number | null | undefined, b: number | undefined, tolerance: number): boolean =>
  b === undefined || (a !== null && a !== undefined && Math.abs(a - b) <= tolerance)
const missed = totals.filter((total) => {
  const row = report.rows.find((one) => one.variant === total.variant && one.model === total.model)
  const right =
    near(row?.passed, total.passed, 0) &&
    near(row?.mean, total.mean, 0.000501) &&
    near(row?.costUsd, total.costUsd, 1e-12)
  return row === undefined || !right
})
process.stdout.write(`${name}: ${totals.length - missed.length} of ${totals.length} published totals reproduced\n`)
for (const total of missed) process.stdout.write(`missed: ${JSON.stringify(total)}\n`)
const counts = new Map<string, number>()
for (const one of report.comparisons) {
  if (one.difference === null) continue
  const key = `${one.metric}, ${one.baseline.variant === one.candidate.variant ? 'models' : 'variants'}: ${one.verdict}`
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
for (const [key, count] of counts) process.stdout.write(`  ${key} ${count}\n`)
process.exitCode = missed.length > 0 ? 1 : 0
