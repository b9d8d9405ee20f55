import { z } from 'zod'
import type { ModelReference } from '../../../src-core/domain/model.ts'
import { createPhilox } from '../../../src-core/ports/philox.ts'
import { type Provider, ProviderFailure } from '../../../src-core/ports/provider.ts'
import { createDraws } from './draws.ts'
import { readGenes } from './fragments.ts'
import { createWorld, type World, type WorldName, worlds } from './world.ts'

export const simulatedOptions = z.strictObject({
  world: z
    .enum(Object.keys(worlds) as [WorldName, ...WorldName[]])
    .default('A')
    .describe('which of the seven landscapes'),
  seed: z.int().min(0).default(1).describe('seed of the landscape'),
})

const charactersPerToken = 4
const tokensOf = (text: string): number => Math.max(1, Math.ceil(text.length / charactersPerToken))

/**
 * No model, but a deterministic landscape that answers like one: right with a probability that depends on the prompt's
 * wording and on the case, the same answer for the same question at every time. For samples without a model, for tests
 * and for benchmarks; `identify` says `simulated`, and every report repeats it.
 *
 * The engine tells it of each request what a real model would have to know: the case's expected answer and the template
 * behind the rendered text (`CompletionRequest.simulation`). Latency is a figure, not a wait.
 */
export const createSimulatedProvider = (): Provider => {
  const built = new Map<string, World>()

  const worldOf = (model: ModelReference): World => {
    const { world, seed } = simulatedOptions.parse(model.options)
    const key = `${world}:${seed}`
    const known = built.get(key)
    if (known !== undefined) return known
    const made = createWorld(createDraws(createPhilox(seed)), worlds[world])
    built.set(key, made)
    return made
  }

  return {
    id: 'simulated',
    async complete(request, { signal, onFirstToken }) {
      if (signal.aborted) throw new ProviderFailure('cancelled', 'the call was cancelled')
      const { simulation, messages, model, repetition } = request
      if (simulation === null) {
        throw new ProviderFailure(
          'bad-request',
          'the simulated world answers test cases only, it can be no judge and no proposer',
        )
      }
      const world = worldOf(model)
      const genes = readGenes(simulation.template)
      const probability = world.probability(genes, tokensOf(simulation.template), simulation.case)
      const right =
        simulation.expected !== null && world.succeeds(probability, simulation.template, simulation.case, repetition)
      const output = right ? (simulation.expected ?? '') : `(a simulated wrong answer to ${simulation.case})`
      onFirstToken?.()
      const inputTokens = messages.reduce((sum, message) => sum + tokensOf(message.content) + 4, 0)
      const outputTokens = tokensOf(output)
      return {
        output,
        finishReason: 'stop',
        servedModel: `simulated world ${simulatedOptions.parse(model.options).world}`,
        inputTokens,
        outputTokens,
        cachedInputTokens: 0,
        latencyMs: 20 + 0.5 * inputTokens + 10 * outputTokens,
        firstTokenMs: 20 + 0.5 * inputTokens,
        batched: false,
      }
    },
    identify: async (model) => {
      const { world, seed } = simulatedOptions.parse(model.options)
      return { digest: `promptscape-1:${world}:${seed}`, contextLength: null, simulated: true }
    },
    dispose: async () => {},
  }
}
