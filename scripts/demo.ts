/**
 * `npm run demo [-- --model ID]`: a sample lab on a real model of this machine, reported on the terminal and as HTML.
 * Where no model can be had it runs the simulated world, and says so first.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createOutput } from '../src-cli/output.ts'
import { pullModel } from '../src-cli/pull-model.ts'
import { runExperiment } from '../src-cli/run-experiment.ts'
import type { ExperimentSnapshot } from '../src-core/domain/experiment.ts'
import { defaultTimeouts, type ModelReference } from '../src-core/domain/model.ts'
import { type Lab, openLab } from '../src-main/lab.ts'
import { resourcePath } from '../src-main/package-root.ts'
import { root } from './steps.ts'

const smallest = 'smollm2-135m-instruct'
const { values } = parseArgs({ options: { model: { type: 'string' } } })
const folder = join(root, 'prompt-lab-results', 'demo')
const output = createOutput({ json: false, quiet: false, debug: false, color: process.stdout.isTTY === true })

const reference = (provider: string, model: string): ModelReference => ({
  id: model,
  provider,
  model,
  parameters: { temperature: 0, topP: null, seed: null, maxTokens: 12, stop: ['\n'], responseFormat: null },
  baseUrl: null,
  apiKeyEnv: null,
  headers: {},
  price: null,
  fallback: [],
  experiment: true,
  concurrency: null,
  deterministic: false,
  exclusive: false,
  timeouts: defaultTimeouts,
  options: {},
})

/** A model that is here already, the one of 0.5 billion parameters first; else the smallest, fetched; else none. */
const chooseModel = async (lab: Lab): Promise<ModelReference | null> => {
  if (values.model !== undefined) return reference('llamacpp', values.model)
  const { models, catalogue } = await (await lab.models()).list()
  const wanted = catalogue.map((entry) => entry.id)
  const here = models.filter((model) => model.provider === 'llamacpp' && wanted.includes(model.id))
  const known = ['qwen2.5-coder-0.5b-instruct', ...wanted].find((id) => here.some((model) => model.id === id))
  if (known !== undefined) return reference('llamacpp', known)
  const served = models.find((model) => model.provider === 'ollama')
  if (served !== undefined) return reference('ollama', served.model)
  try {
    output.say(`No model is on this machine yet; fetching ${smallest} (about 100 MB, once).`)
    await pullModel(lab, output, smallest)
    return reference('llamacpp', smallest)
  } catch (error) {
    output.warn(`No model could be fetched: ${(error as Error).message}`)
    return null
  }
}

const lab = await openLab({ db: join(folder, 'lab.db'), onNotice: (text) => output.say(text) })
try {
  const chosen = await chooseModel(lab)
  if (chosen === null) {
    output.print(
      'SIMULATED: no real model can be had here, so this run uses the simulated world. Its numbers say nothing about any model.',
    )
  } else {
    output.print(`The sample "plurals" on ${chosen.model} (${chosen.provider}), on this machine.`)
  }
  // No demonstrations against four: a true difference, within a minute even on an old laptop.
  const compared = { run: { variants: ['plain', 'four-examples'] } }
  const { snapshot } = await lab.load(resourcePath('samples', 'plurals', 'lab.yaml'), compared)
  const model = chosen ?? reference('simulated', 'world')
  const demo: ExperimentSnapshot = { ...snapshot, models: [model], cache: 'off' }
  await runExperiment({ lab, output }, { snapshot: demo }, { out: folder, yes: true })
  output.print(`\nThe report as a page: ${join('prompt-lab-results', 'demo', 'report.html')}`)
  // A gate that fails is a result of the sample, not of the demonstration.
  if (process.exitCode === 100) process.exitCode = 0
} finally {
  await lab.close()
}
