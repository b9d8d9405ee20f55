import type { Command } from 'commander'
import type { Lab } from '../src-main/lab.ts'
import { globalFlags } from './flags.ts'
import { createOutput, type Output } from './output.ts'

export type Door = { readonly lab: Lab; readonly output: Output }

/** Opens the lab for one command and closes it whatever happens. Heavy modules load here, not when help is shown. */
export const throughDoor = async (command: Command, work: (door: Door) => Promise<void>): Promise<void> => {
  const flags = globalFlags(command)
  const output = createOutput(flags)
  const { startLab } = await import('../src-main/lab.ts')
  if (flags.envFile !== undefined) await loadEnvFile(flags.envFile)
  const lab = startLab({
    ...(flags.db === undefined ? {} : { db: flags.db }),
    onNotice: (text) => output.say(text),
  })
  try {
    await work({ lab, output })
  } finally {
    await lab.close()
  }
}

export const loadEnvFile = async (file: string): Promise<void> => {
  const { LabError } = await import('../src-core/domain/errors.ts')
  try {
    process.loadEnvFile(file)
  } catch (cause) {
    throw new LabError('usage', `cannot read the environment file ${file}: ${(cause as Error).message}`, { cause })
  }
}
