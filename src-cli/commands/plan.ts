import { Command } from 'commander'
import { throughDoor } from '../door.ts'
import { type AnalysisFlags, addAnalysisFlags, addRunFlags, type RunFlags } from '../flags.ts'

export const planCommand = (): Command =>
  addAnalysisFlags(addRunFlags(new Command('plan')))
    .description('what a run would take and what it could show; sends nothing')
    .argument('<lab>', 'the lab file, or the folder that holds lab.yaml')
    .action(async (path: string, options: RunFlags & AnalysisFlags, command: Command) => {
      await throughDoor(command, async ({ lab, output }) => {
        const { snapshot, warnings } = await lab.load(path, { run: options, analysis: options })
        for (const warning of warnings) output.say(`note: ${warning}`)
        const plan = lab.experiments.plan(snapshot)
        output.object('plan/1', plan)
        const { renderPlan } = await import('../render-plan.ts')
        output.print(renderPlan(plan, snapshot, output.paint))
      })
    })
