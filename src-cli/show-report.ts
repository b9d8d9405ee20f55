import { join } from 'node:path'
import type { ExperimentReport } from '../src-core/domain/report.ts'
import { reportSchema } from '../src-core/experiment/render/json.ts'
import { renderTerminal } from '../src-core/experiment/render/terminal.ts'
import type { Door } from './door.ts'

/** Prints the report (or its object) and writes the files of `--out`. */
export const showReport = async (
  { lab, output }: Door,
  report: ExperimentReport,
  options: { readonly out: string | null; readonly executions: boolean },
): Promise<void> => {
  const files =
    options.out === null ? [] : await lab.writeReport(report, options.out, { executions: options.executions })
  output.object(reportSchema, report)
  const written = files.map((name) => join(options.out ?? '', name))
  output.print(
    renderTerminal(report, {
      width: output.width,
      paint: output.paint,
      ...(written.length === 0 ? {} : { files: written }),
    }),
  )
}

/** 100 where a gate failed, as `run` ends; `analyze` and `score` keep to it. */
export const gatesExitCode = (report: ExperimentReport): 0 | 100 =>
  report.gates.some((gate) => gate.passed === false) ? 100 : 0
