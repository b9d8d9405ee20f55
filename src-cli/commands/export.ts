import { Command } from 'commander'
import { throughDoor } from '../door.ts'

export const exportCommand = (): Command =>
  new Command('export')
    .description('write a stored prompt as a file')
    .argument('<prompt>', 'its name, or name@version')
    .requiredOption('--format <format>', 'txt, md, json (with manifest) or promptfoo')
    .option('--out <file>', 'the file to write (default: standard output)')
    .option('--project <name>', 'the project it belongs to, where several have a prompt of that name')
    .action(
      async (reference: string, options: { format: string; out?: string; project?: string }, command: Command) => {
        await throughDoor(command, async ({ lab, output }) => {
          const made = await lab.prompts.export(reference, options.format, options.project ?? null)
          if (options.out === undefined) {
            output.object('export/1', { prompt: made.prompt, format: options.format, file: null, text: made.text })
            output.print(made.text.replace(/\n$/, ''))
            return
          }
          await lab.prompts.writeExport(options.out, made.text)
          output.object('export/1', { prompt: made.prompt, format: options.format, file: options.out, text: null })
          output.print(`${options.out}: ${made.prompt}`)
        })
      },
    )
