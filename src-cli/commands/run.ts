import { Command } from 'commander'
import { LabError } from '../../src-core/domain/errors.ts'
import { throughDoor } from '../door.ts'
import { addRunFlags, type RunFlags } from '../flags.ts'

type Options = RunFlags & { readonly resume?: string | true; readonly out?: string }

export const runCommand = (): Command =>
  addRunFlags(new Command('run'))
    .description('run the experiment of a lab file and report it')
    .argument('[lab]', 'the lab file, or the folder that holds lab.yaml')
    .option(
      '--resume [experiment]',
      'only the cells without a result, of this experiment (default: the newest unfinished)',
    )
    .option('--out <dir>', 'write report.html .md .csv .json, junit.xml and executions.jsonl to this folder')
    .action(async (path: string | undefined, options: Options, command: Command) => {
      if (options.resume === undefined && path === undefined) {
        throw new LabError(
          'usage',
          'name a lab file: `promptlab run lab.yaml` (`promptlab init` makes one), or use --resume',
        )
      }
      if (options.resume !== undefined && path !== undefined && options.resume !== true) {
        throw new LabError('usage', '--resume continues a stored experiment and takes no lab file')
      }
      await throughDoor(command, async (door) => {
        const { runExperiment } = await import('../run-experiment.ts')
        // `--resume lab.yaml` cannot be meant; a lone word behind --resume is the experiment.
        const reference = options.resume === true ? (path ?? null) : (options.resume ?? null)
        await runExperiment(
          door,
          options.resume === undefined ? { lab: path as string } : { resume: reference },
          options,
        )
      })
    })
