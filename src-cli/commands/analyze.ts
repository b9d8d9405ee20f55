import { Command } from 'commander'
import { LabError } from '../../src-core/domain/errors.ts'
import { throughDoor } from '../door.ts'
import { addAnalysisFlags, type AnalysisFlags } from '../flags.ts'

type Options = AnalysisFlags & { readonly table?: string; readonly out?: string }

export const analyzeCommand = (): Command =>
  addAnalysisFlags(new Command('analyze'))
    .description('the full analysis, from stored rows or from a table made elsewhere')
    .argument('[experiment]', 'its id or the beginning of it (default: the newest)')
    .option(
      '--table <file>',
      'CSV or JSON lines with case, variant, score and optional model, repetition, passed, cost_usd, latency_ms, cluster',
    )
    .option('--out <dir>', 'write the report files to this folder')
    .action(async (reference: string | undefined, options: Options, command: Command) => {
      if (reference !== undefined && options.table !== undefined) {
        throw new LabError('usage', 'give either an experiment or --table, not both')
      }
      await throughDoor(command, async ({ lab, output }) => {
        const { showReport } = await import('../show-report.ts')
        if (options.table !== undefined) {
          const report = await lab.experiments.analyzeTable(options.table, options)
          await showReport({ lab, output }, report, { out: options.out ?? null, executions: false })
          return
        }
        const record = await lab.experiments.find(reference ?? null)
        const report = await lab.experiments.report(record.id, options)
        await showReport({ lab, output }, report, { out: options.out ?? null, executions: true })
      })
    })
