import { Command } from 'commander'
import { columns } from '../columns.ts'
import { throughDoor } from '../door.ts'

const gigabytes = (bytes: number | null): string => (bytes === null ? '?' : `${(bytes / 1e9).toFixed(2)} GB`)

const list = new Command('list')
  .description('models on this machine and in the catalogue')
  .action(async (_: unknown, command: Command) => {
    await throughDoor(command, async ({ lab, output }) => {
      const { models, catalogue } = await (await lab.models()).list()
      output.object('models/1', { models, catalogue })
      if (models.length === 0) output.print('No model on this machine yet.')
      else {
        output.print(
          columns(
            ['model', 'provider', 'size', 'quantization', 'licence', 'loaded'],
            models.map((m) => [
              m.id,
              m.provider,
              gigabytes(m.bytes),
              m.quantization ?? '?',
              m.license ?? '?',
              m.loaded === null ? '?' : m.loaded ? 'yes' : 'no',
            ]),
            { right: [2], paint: output.paint },
          ),
        )
      }
      const missing = catalogue.filter((entry) => !entry.here)
      if (missing.length > 0) {
        output.print(`\n${output.paint('bold', 'Can be fetched')} (promptlab models pull ID):`)
        for (const entry of missing) output.print(`  ${entry.id}  ${gigabytes(entry.bytes)}, ${entry.license}`)
      }
    })
  })

const probe = new Command('probe')
  .description('how fast a model is on this machine; takes about five seconds')
  .argument('<id>', 'a catalogue id, a GGUF file or ollama:NAME')
  .action(async (id: string, _: unknown, command: Command) => {
    await throughDoor(command, async ({ lab, output }) => {
      output.status(`measuring ${id} ...`)
      const model = await (await lab.models()).probe(id)
      output.status('')
      output.object('models/1', { models: [model] })
      const rate = (value: number | null) => (value === null ? 'unknown' : `${value.toFixed(0)} tokens/s`)
      const ms = (value: number | null) => (value === null ? 'unknown' : `${value.toFixed(0)} ms`)
      output.print(
        `${model.id}: reads ${rate(model.promptTokensPerSecond)}, writes ${rate(model.tokensPerSecond)}, first token after ${ms(model.firstTokenMs)}, loads in ${ms(model.loadMs)}`,
      )
    })
  })

const pull = new Command('pull')
  .description('fetch a model of the catalogue; resumes after a cut, and checks the SHA-256')
  .argument('<id>', 'its id (`promptlab models list` shows them)')
  .action(async (id: string, _: unknown, command: Command) => {
    await throughDoor(command, async ({ lab, output }) => {
      const { pullModel } = await import('../pull-model.ts')
      const model = await pullModel(lab, output, id)
      output.object('models/1', { models: [model] })
      output.print(`${id}: ${model.path}`)
    })
  })

const remove = new Command('remove')
  .description('delete a fetched model from this machine')
  .argument('<id>', 'its id')
  .action(async (id: string, _: unknown, command: Command) => {
    await throughDoor(command, async ({ lab, output }) => {
      const removed = await (await lab.models()).remove(id)
      output.object('models/1', { models: [], removed })
      output.print(`removed ${removed.path}`)
    })
  })

export const modelsCommand = (): Command =>
  new Command('models')
    .description('what models are here, how fast they are, and how to get one')
    .addCommand(list, { isDefault: true })
    .addCommand(probe)
    .addCommand(pull)
    .addCommand(remove)
