import { Command } from 'commander'
import { columns } from '../columns.ts'
import { throughDoor } from '../door.ts'

const list = new Command('list')
  .description('all experiments, newest first')
  .action(async (_: unknown, command: Command) => {
    await throughDoor(command, async ({ lab, output }) => {
      const experiments = (await lab.store.experiments()).map((record) => ({
        experiment: record.id,
        name: record.project,
        ...record,
      }))
      output.object('experiments/1', { experiments })
      if (experiments.length === 0) {
        output.print('No experiments yet. Start with:  promptlab init my-lab --sample plurals && promptlab run my-lab')
        return
      }
      output.print(
        columns(
          ['experiment', 'project', 'status', 'results', 'failed', 'started'],
          experiments.map((e) => [
            e.experiment,
            e.project,
            e.status,
            `${e.results}/${e.cells}`,
            `${e.failed}`,
            e.startedAt.replace('T', ' ').slice(0, 19),
          ]),
          { right: [3, 4], paint: output.paint },
        ),
      )
    })
  })

const show = new Command('show')
  .description('one experiment: what was frozen before its first call, and where it stands')
  .argument('[experiment]', 'its id or the beginning of it (default: the newest)')
  .action(async (reference: string | undefined, _: unknown, command: Command) => {
    await throughDoor(command, async ({ lab, output }) => {
      const record = await lab.experiments.find(reference ?? null)
      const snapshot = await lab.store.snapshot(record.id)
      const ledger = await lab.store.ledger(record.id)
      output.object('experiment/1', { experiment: record.id, name: record.project, ...record, ledger, snapshot })
      const { renderExperiment } = await import('../render-experiment.ts')
      output.print(renderExperiment(record, snapshot, ledger, output.paint))
    })
  })

export const experimentsCommand = (): Command =>
  new Command('experiments').description('what has been run').addCommand(list, { isDefault: true }).addCommand(show)
