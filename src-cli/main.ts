import { CommanderError } from 'commander'
import { LabError } from '../src-core/domain/errors.ts'
import { globalFlags } from './flags.ts'
import { reportError } from './output.ts'
import { createProgram } from './program.ts'

// A pipe that closes early (`promptlab results | head`) is the reader's way of saying "enough", not an error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
}

const program = createProgram()
try {
  // Without a word the program explains itself; that is no error.
  if (process.argv.length === 2) program.outputHelp()
  else await program.parseAsync(process.argv)
} catch (error) {
  if (error instanceof CommanderError && error.exitCode === 0) process.exitCode = 0
  else {
    const flags = globalFlags(program, process.argv)
    const told = error instanceof CommanderError ? new LabError('usage', error.message.replace(/^error: /, '')) : error
    reportError(told, flags)
    process.exitCode = 1
  }
}
