import { Command } from 'commander'
import { throughDoor } from '../door.ts'

export const backupCommand = (): Command =>
  new Command('backup')
    .description('copy the lab database to a file while it is in use')
    .argument('<file>', 'the file to write')
    .action(async (file: string, _: unknown, command: Command) => {
      await throughDoor(command, async ({ lab, output }) => {
        const { bytes } = await lab.store.backup(file)
        output.object('backup/1', { database: lab.store.path, file, bytes })
        output.print(`${file}: ${(bytes / 1e6).toFixed(1)} MB, a complete copy of ${lab.store.path}`)
      })
    })
