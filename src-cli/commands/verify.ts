import { Command } from 'commander'
import { throughDoor } from '../door.ts'

export const verifyCommand = (): Command =>
  new Command('verify')
    .description('check the lab database: integrity, references, ledger')
    .action(async (_: unknown, command: Command) => {
      await throughDoor(command, async ({ lab, output }) => {
        const { ok, problems } = await lab.store.verify()
        output.object('verify/1', { database: lab.store.path, ok, problems })
        output.print(ok ? `${lab.store.path}: sound` : `${lab.store.path}: ${problems.length} problems`)
        for (const problem of problems) output.print(`  ${problem}`)
        if (!ok) process.exitCode = 1
      })
    })
