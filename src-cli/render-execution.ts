import type { Execution } from '../src-core/domain/execution.ts'
import { onOneLine } from '../src-core/experiment/render/sanitise.ts'
import type { Output } from './output.ts'

const short = (text: string, room: number): string => {
  const flat = onOneLine(text).replace(/\s+/g, ' ').trim()
  return flat.length > room ? `${flat.slice(0, Math.max(0, room - 1))}…` : flat
}

/** One row for people: where, how it went, and the output (or why there is none), cut to the width of the terminal. */
export const renderExecution = (row: Execution, output: Output): string => {
  const mark =
    row.failure !== null
      ? output.paint('red', 'failed')
      : row.passed
        ? output.paint('green', 'pass  ')
        : output.paint('yellow', 'fail  ')
  const where = `${row.case}  ${row.variant}@${row.version}  ${row.model}${row.repetition > 1 ? `  #${row.repetition}` : ''}`
  const said = row.failure !== null ? `${row.failure.code}: ${row.failure.message}` : JSON.stringify(row.output ?? '')
  const head = `${mark} ${row.score.toFixed(2)}  ${onOneLine(where)}  `
  return head + short(said, Math.max(20, output.width - where.length - 16))
}
