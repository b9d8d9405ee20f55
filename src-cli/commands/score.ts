import { Command } from 'commander'
import { throughDoor } from '../door.ts'

export const scoreCommand = (): Command =>
  new Command('score')
    .description('apply the evaluators of a lab file to the stored outputs of an experiment; asks no task model')
    .argument('<experiment>', 'its id or the beginning of it')
    .argument('<lab>', 'the lab file whose evaluators to use')
    .option('--out <dir>', 'write the report files to this folder')
    .action(async (reference: string, path: string, options: { out?: string }, command: Command) => {
      await throughDoor(command, async ({ lab, output }) => {
        const { snapshot, warnings } = await lab.load(path, {})
        for (const warning of warnings) output.say(`note: ${warning}`)
        const record = await lab.experiments.find(reference)
        const report = await lab.experiments.score(record.id, snapshot)
        const { gatesExitCode, showReport } = await import('../show-report.ts')
        await showReport({ lab, output }, report, { out: options.out ?? null, executions: true })
        process.exitCode = gatesExitCode(report)
      })
    })
