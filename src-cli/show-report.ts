import type { ExperimentReport } from '../src-core/domain/report.ts'
import { reportObject } from '../src-core/experiment/render/json.ts'
import { renderTerminal } from '../src-core/experiment/render/terminal.ts'
import type { Door } from './door.ts'

/** Prints the report (or its object) and writes the files of `--out`. */
export const showReport = async (
  { lab, output }: Door,
  report: ExperimentReport,
  options: { readonly out: string | null; readonly executions: boolean },
): Promise<void> => {
  const files = options.out === null ? [] : await lab.writeReport(report, options.out, { executions: options.executions })
  output.object('report/1', reportObject(report))
  output.print(renderTerminal(report, { width: output.width, paint: output.paint }))
  if (files.length > 0) output.print(`\nWritten to ${options.out}: ${files.join(', ')}`)
}
