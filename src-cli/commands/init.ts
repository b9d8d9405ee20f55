import { Command } from 'commander'
import { LabError } from '../../src-core/domain/errors.ts'
import type { ImportedRun } from '../../src-main/services/sample-runs.ts'
import type { MadeLab, Sample } from '../../src-main/services/samples.ts'
import { throughDoor } from '../door.ts'
import { globalFlags } from '../flags.ts'
import { createOutput, type Output } from '../output.ts'

type Options = { readonly sample?: string; readonly withRun?: boolean }

const showSamples = (samples: readonly Sample[], dir: string, output: Output): void => {
  output.object('samples/1', { samples })
  output.print('Samples, each with real test cases and its licence:\n')
  const width = Math.max(...samples.map((sample) => sample.name.length))
  for (const sample of samples) {
    output.print(`  ${output.paint('bold', sample.name.padEnd(width))}  ${sample.description}`)
  }
  output.print(`\nMake one with:  promptlab init ${dir} --sample ${samples[0]?.name ?? 'NAME'}`)
}

const showMade = (made: MadeLab, run: ImportedRun | null, output: Output): void => {
  output.object('init/1', { ...made, run })
  output.print(`Made ${made.dir} with ${made.files.length} files.\n\nRun it with:  promptlab run ${made.lab}`)
  if (run === null) {
    output.print(
      'No model yet?  A run of this sample on a real one comes with the program: add --with-run, then `promptlab analyze`.',
    )
    return
  }
  output.print(`\n${run.origin}\nIt is stored as ${run.experiment}${run.added ? '' : ' already'}; see it with:`)
  output.print(`  promptlab analyze ${run.experiment}\n  promptlab results ${run.experiment} --failures`)
}

export const initCommand = (): Command =>
  new Command('init')
    .description('make a lab folder that is ready to run; lists the samples without a name')
    .argument('[dir]', 'the folder to make (default: named like the sample)')
    .option('--sample <name>', 'which sample to start from')
    .option(
      '--with-run',
      'also store the run of the sample that comes with the program (a real model, named with date and digest), to look at with `promptlab analyze sample-NAME`',
    )
    .action(async (dir: string | undefined, { sample, withRun }: Options, command: Command) => {
      const { initLab, listSamples } = await import('../../src-main/services/samples.ts')
      if (sample === undefined) {
        if (withRun === true)
          throw new LabError('usage', 'name the sample whose run you want: --sample NAME --with-run')
        showSamples(await listSamples(), dir ?? 'my-lab', createOutput(globalFlags(command)))
        return
      }
      const target = dir ?? sample
      if (withRun !== true) {
        showMade(await initLab(target, sample), null, createOutput(globalFlags(command)))
        return
      }
      await throughDoor(command, async ({ lab, output }) => {
        const { importSampleRun } = await import('../../src-main/services/sample-runs.ts')
        const made = await initLab(target, sample)
        showMade(made, await importSampleRun(lab.store, sample), output)
      })
    })
