import { describe, expect, it } from 'vitest'
import { createPhilox } from '../../../src-core/ports/philox.ts'
import { createDraws } from './draws.ts'
import { readGenes } from './fragments.ts'
import { createWorld, type WorldName, worlds } from './world.ts'

const cases = Array.from({ length: 150 }, (_, i) => `case-${i}`)
const worldOf = (name: WorldName, seed: number) => createWorld(createDraws(createPhilox(seed)), worlds[name])
const truth = (name: WorldName, template: string, seeds: number): number => {
  let sum = 0
  for (let seed = 0; seed < seeds; seed++) {
    const world = worldOf(name, seed)
    for (const key of cases) sum += world.probability(readGenes(template), 60, key)
  }
  return sum / (seeds * cases.length)
}

const plain = 'Write the plural of {input}.'
const demos = `${plain}\n\nInput: cat\nOutput: cats\n\nInput: box\nOutput: boxes\n\nInput: mouse\nOutput: mice\n\nInput: key\nOutput: keys\n\nInput: {input}\nOutput:`

describe('the simulated world', () => {
  // The specification's seed prompts lie at .375 (A, C, D, F, G) and .393 (B, E); 30 seeds leave a standard error of .01.
  it.each([
    ['A', 0.375],
    ['B', 0.393],
    ['C', 0.375],
    ['F', 0.375],
  ] as const)('world %s puts a plain prompt near the specification', (name, expected) => {
    expect(Math.abs(truth(name, plain, 30) - expected)).toBeLessThan(0.05)
  })

  it('rewards demonstrations', () => {
    expect(truth('A', demos, 20)).toBeGreaterThan(truth('A', plain, 20) + 0.03)
  })

  it('outcomes follow the probability and repeat exactly, in any order', () => {
    const world = worldOf('A', 3)
    const draw = (key: string) => world.succeeds(0.3, 'prompt', key, 1)
    const keys = Array.from({ length: 4000 }, (_, i) => `c${i}`)
    const forwards = keys.map(draw)
    expect(keys.toReversed().map(draw).toReversed()).toEqual(forwards)
    const rate = forwards.filter(Boolean).length / keys.length
    expect(Math.abs(rate - 0.3)).toBeLessThan(0.03)
  })

  it('gives two prompts a share of luck in common', () => {
    const world = worldOf('A', 3)
    const keys = Array.from({ length: 4000 }, (_, i) => `c${i}`)
    const a = keys.map((key) => (world.succeeds(0.5, 'a', key, 1) ? 1 : 0))
    const b = keys.map((key) => (world.succeeds(0.5, 'b', key, 1) ? 1 : 0))
    const covariance = a.reduce<number>((sum, x, i) => sum + (x - 0.5) * ((b[i] ?? 0) - 0.5), 0) / keys.length
    // Latent correlation .35 gives binary correlation 2/pi asin(.35) = .2277
    expect(Math.abs(covariance / 0.25 - 0.2277)).toBeLessThan(0.05)
  })
})

describe('reading genes', () => {
  it('finds fragments and demonstrations, and leaves the rest as text', () => {
    const genes = readGenes(`You are a careful assistant. ${demos}\nNothing else.`)
    expect(genes).toMatchObject({ persona: 2, constraints: [0] })
    expect(genes.demos).toHaveLength(4)
    expect(genes.text).toContain('Write the plural of {input}.')
    expect(genes.text).not.toContain('mice')
  })

  it('does not take the asked line for a demonstration', () => {
    expect(readGenes('Input: {input}\nOutput:').demos).toHaveLength(0)
    expect(readGenes('cat -> cats\n{input} ->').demos).toEqual(['cat -> cats'])
  })
})
