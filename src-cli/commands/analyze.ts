import { Command } from 'commander'
import { LabError } from '../../src-core/domain/errors.ts'
import { throughDoor } from '../door.ts'
import { type AnalysisFlags, addAnalysisFlags, analysisFlags } from '../flags.ts'

type Options = AnalysisFlags & { readonly table?: string; readonly judgeCalibration?: string; readonly out?: string }

export const analyzeCommand = (): Command =>
  addAnalysisFlags(new Command('analyze'))
    .description('the full analysis, from stored rows or from a table made elsewhere')
    .argument('[experiment]', 'its id or the beginning of it (default: the newest)')
    .option(
      '--table <file>',
      'CSV or JSON lines with case, variant, score and optional model, repetition, passed, cost_usd, latency_ms, cluster',
    )
    .option(
      '--judge-calibration <file>',
      'correct the scores by people: CSV or JSON lines with case, variant, human, judge and optional model, repetition',
    )
    .option('--out <dir>', 'write the report files to this folder')
    .action(async (reference: string | undefined, options: Options, command: Command) => {
      if (reference !== undefined && options.table !== undefined) {
        throw new LabError('usage', 'give either an experiment or --table, not both')
      }
      await throughDoor(command, async ({ lab, output }) => {
        const { gatesExitCode, showReport } = await import('../show-report.ts')
        const { table, judgeCalibration: ratings, out } = options
        // Only these change the analysis: any other key in the plan would turn the report exploratory.
        const flags = analysisFlags(options)
        const { experiments } = lab
        if (table !== undefined) {
          const report =
            ratings === undefined
              ? await experiments.analyzeTable(table, flags)
              : await experiments.calibratedTable(table, ratings, flags)
          await showReport({ lab, output }, report, { out: out ?? null, executions: false })
          return
        }
        const { id } = await experiments.find(reference ?? null)
        const report =
          ratings === undefined
            ? await experiments.report(id, flags)
            : await experiments.calibratedReport(id, ratings, flags)
        await showReport({ lab, output }, report, { out: out ?? null, executions: true })
        process.exitCode = gatesExitCode(report)
      })
    })
