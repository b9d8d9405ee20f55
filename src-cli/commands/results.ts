import { Command } from 'commander'
import { LabError } from '../../src-core/domain/errors.ts'
import type { ExperimentSnapshot } from '../../src-core/domain/experiment.ts'
import { throughDoor } from '../door.ts'

type ResultsFlags = { failures?: boolean; variant?: string; model?: string; case?: string }

/** A misspelt name would answer "0 rows", which looks like good news for --failures. */
const assertKnown = ({ variants, models, cases }: ExperimentSnapshot, filter: ResultsFlags): void => {
  const known = {
    variant: variants.map((variant) => variant.name),
    model: models.map((model) => model.id),
    case: cases.map((testCase) => testCase.id),
  }
  for (const field of ['variant', 'model', 'case'] as const) {
    const wanted = filter[field]
    if (wanted === undefined || known[field].includes(wanted)) continue
    const some = known[field].slice(0, 8).join(', ')
    throw new LabError(
      'not-found',
      `The experiment has no ${field} ${wanted}; it has ${some}${known[field].length > 8 ? ', ...' : ''}.`,
    )
  }
}

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
        assertKnown(await lab.store.snapshot(record.id), filter)
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
