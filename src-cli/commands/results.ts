import { Command } from 'commander'
import { throughDoor } from '../door.ts'

type ResultsFlags = { failures?: boolean; variant?: string; model?: string; case?: string }

export const resultsCommand = (): Command =>
  new Command('results')
    .description('the rows of an experiment, to read or to pipe')
    .argument('[experiment]', 'its id or the beginning of it (default: the newest)')
    .option('--failures', 'only cells that failed or did not pass')
    .option('--variant <name>', 'only this prompt')
    .option('--model <id>', 'only this model')
    .option('--case <id>', 'only this case')
    .action(async (reference: string | undefined, filter: ResultsFlags, command: Command) => {
      await throughDoor(command, async ({ lab, output }) => {
        const record = await lab.experiments.find(reference ?? null)
        const rows = lab.experiments.executions(record.id, {
          ...(filter.failures === undefined ? {} : { failures: filter.failures }),
          ...(filter.variant === undefined ? {} : { variant: filter.variant }),
          ...(filter.model === undefined ? {} : { model: filter.model }),
          ...(filter.case === undefined ? {} : { case: filter.case }),
        })
        if (output.json) {
          output.object('results/1', { executions: await Array.fromAsync(rows) })
          return
        }
        const { renderExecution } = await import('../render-execution.ts')
        let count = 0
        for await (const row of rows) {
          output.print(renderExecution(row, output))
          count++
        }
        output.say(`${count} ${count === 1 ? 'row' : 'rows'} of experiment ${record.id}`)
      })
    })
