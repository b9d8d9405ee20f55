import { Command } from 'commander'
import { globalFlags } from '../flags.ts'
import { createOutput } from '../output.ts'

export const initCommand = (): Command =>
  new Command('init')
    .description('make a lab folder that is ready to run; lists the samples without a name')
    .argument('[dir]', 'the folder to make')
    .option('--sample <name>', 'which sample to start from')
    .action(async (dir: string | undefined, options: { sample?: string }, command: Command) => {
      const output = createOutput(globalFlags(command))
      const { initLab, listSamples } = await import('../../src-main/services/samples.ts')
      const samples = await listSamples()
      if (options.sample === undefined) {
        output.object('samples/1', { samples })
        output.print('Samples, each with real test cases and its licence:\n')
        const width = Math.max(...samples.map((sample) => sample.name.length))
        for (const sample of samples) {
          output.print(`  ${output.paint('bold', sample.name.padEnd(width))}  ${sample.description}`)
        }
        output.print(`\nMake one with:  promptlab init ${dir ?? 'my-lab'} --sample ${samples[0]?.name ?? 'NAME'}`)
        return
      }
      const made = await initLab(dir ?? options.sample, options.sample)
      output.object('init/1', made)
      output.print(`Made ${made.dir} with ${made.files.length} files.\n\nRun it with:  promptlab run ${made.lab}`)
    })
