import { Command } from 'commander'
import { labVersion } from '../src-main/package-root.ts'
import { analyzeCommand } from './commands/analyze.ts'
import { appCommand } from './commands/app.ts'
import { backupCommand } from './commands/backup.ts'
import { experimentsCommand } from './commands/experiments.ts'
import { exportCommand } from './commands/export.ts'
import { initCommand } from './commands/init.ts'
import { modelsCommand } from './commands/models.ts'
import { planCommand } from './commands/plan.ts'
import { resultsCommand } from './commands/results.ts'
import { runCommand } from './commands/run.ts'
import { scoreCommand } from './commands/score.ts'
import { verifyCommand } from './commands/verify.ts'
import { addGlobalFlags } from './flags.ts'

const footer = `
Exit status:
  0    done and every gate passed
  100  a gate failed
  2    stopped before the end by budget or refused credentials (state saved, \`promptlab run --resume\` continues)
  1    error, also when every cell failed
  130  interrupted (state saved)

Start here:  promptlab init my-lab --sample plurals && promptlab run my-lab/lab.yaml`

/** The command line's words. Each command loads what it needs only when it runs, so that help and version are instant. */
export const createProgram = (): Command => {
  const program = addGlobalFlags(new Command('promptlab'))
    .description('Prompt Lab: better and cheaper prompts, and the statistics to know that they are better.')
    .version(labVersion(), '-V, --version')
    .addHelpText('after', footer)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .configureHelp({ showGlobalOptions: true })
  const commands = [
    appCommand(),
    initCommand(),
    runCommand(),
    planCommand(),
    analyzeCommand(),
    resultsCommand(),
    scoreCommand(),
    exportCommand(),
    modelsCommand(),
    experimentsCommand(),
    verifyCommand(),
    backupCommand(),
  ]
  for (const command of commands) program.addCommand(prepare(command))
  return program
}

/** `exitOverride` and the output settings are not inherited by commands that are made elsewhere. */
const prepare = (command: Command): Command => {
  command
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .configureHelp({ showGlobalOptions: true })
  for (const child of command.commands) prepare(child)
  return command
}
