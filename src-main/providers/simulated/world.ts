import { normalCdf, normalQuantile } from '../../../src-core/stats/distributions.ts'
import type { Draws } from './draws.ts'
import type { Genes } from './fragments.ts'

/**
 * PromptScape (design: optimisers, sections 7 and 9): a deterministic landscape of prompts. A prompt has a latent vector
 * of ten aspects, a case weighs them by its family, and the answer is right with a probability on the logit scale.
 * Constants are those of the executable specification; the hash is another, so numbers agree statistically.
 */
export type WorldSettings = {
  /** Strength of format x persona and constraint x demonstration interactions. */
  readonly rugged: number
  /** Factor on the effects of all genes but the free text. */
  readonly geneScale: number
  /** Strength of dense pairwise epistasis. */
  readonly epistasis: number
}

/** Worlds as data; more will be added. `q` (reflector quality) and drift belong to the simulated proposer. */
export const worlds = {
  A: { rugged: 0, geneScale: 1, epistasis: 0 },
  B: { rugged: 0.35, geneScale: 1, epistasis: 0 },
  C: { rugged: 0, geneScale: 0.15, epistasis: 0 },
  D: { rugged: 0, geneScale: 0.15, epistasis: 0 },
  E: { rugged: 0.35, geneScale: 1, epistasis: 0 },
  F: { rugged: 0, geneScale: 1, epistasis: 1 },
  G: { rugged: 0, geneScale: 0.5, epistasis: 1.5 },
} as const satisfies Record<string, WorldSettings>
export type WorldName = keyof typeof worlds

const aspects = 10
const families = 5
/** Share of a case's luck that all prompts have in common. */
const sharedLuck = 0.35

export type World = {
  /** Probability that a prompt of these genes and length (tokens) answers the case. `caseKey` names the case. */
  probability(genes: Genes, tokens: number, caseKey: string): number
  /** The outcome itself, given the probability: the same for the same prompt, case and repetition, always. */
  succeeds(probability: number, promptKey: string, caseKey: string, repetition: number): boolean
}

export const createWorld = (draws: Draws, settings: WorldSettings): World => {
  const vector = (stream: string, mean: number, sd: number): number[] =>
    Array.from({ length: aspects }, (_, i) => draws.normal(stream, i, mean, sd))
  const scaled = (values: readonly number[]): number[] => values.map((value) => value * settings.geneScale)
  const familyWeights = Array.from({ length: families }, (_, f) => draws.dirichlet(`family:${f}`, aspects, 0.35))
  const familyPeaks = familyWeights.map((weights) => Math.max(...weights))
  const seedText = vector('text:seed', 0, 0.15)
  const reasoning = scaled(vector('reasoning', 0.05, 0.25))
  /** Aspect 0 of the formats is shifted by a permutation of these, relative to "none". */
  const formatShift = permutation(draws, [0, -0.6, 0.9, 0.3])
  const formatRow = (index: number): number[] =>
    vector(`format:${index}`, 0, 0.05).map((value, i) => value + (i === 0 ? (formatShift[index] ?? 0) : 0))
  const formatNone = formatRow(0)

  const rowOf = (kind: 'persona' | 'structure', index: number): readonly number[] =>
    index === 0 ? [] : scaled(vector(`${kind}:${index}`, 0, 0.12))
  const formatEffect = (index: number): readonly number[] =>
    index === 0 ? [] : scaled(formatRow(index).map((value, i) => value - (formatNone[i] ?? 0)))
  const constraintEffect = (index: number): readonly number[] => {
    const row = Array.from({ length: aspects }, () => 0)
    row[draws.integer(`constraint:${index}`, 0, aspects)] = draws.normal(`constraint:${index}`, 1, 0.15, 0.35)
    return scaled(row)
  }
  const demoEffect = (text: string): readonly number[] => {
    const family = draws.integer(`demo:${text}`, aspects, families)
    const peak = familyPeaks[family] ?? 1
    const weights = familyWeights[family] ?? []
    return scaled(vector(`demo:${text}`, 0, 0.12).map((value, i) => value + (0.28 * (weights[i] ?? 0)) / peak))
  }
  const textEffect = (text: string): readonly number[] =>
    // A text that nobody registered gets a latent drawn from its own words, around the world's starting text.
    vector(`text:${text}`, 0, 0.1).map((value, i) => value + (seedText[i] ?? 0))

  const latent = (genes: Genes): readonly number[] => {
    const sum = Array.from({ length: aspects }, () => 0)
    const add = (effect: readonly number[], factor = 1) => {
      for (let i = 0; i < effect.length; i++) sum[i] = (sum[i] ?? 0) + factor * (effect[i] ?? 0)
    }
    add(textEffect(genes.text))
    add(rowOf('persona', genes.persona))
    add(rowOf('structure', genes.structure))
    add(formatEffect(genes.format))
    if (genes.reasoning) add(reasoning)
    for (const constraint of genes.constraints) add(constraintEffect(constraint))
    const demos = genes.demos.slice(0, 4)
    const k = demos.length
    const weight = ((0.8 * Math.sqrt(k) * (1 - Math.exp(-0.7 * k))) / (0.503 * k)) * Math.min(1, 0.55 + 0.15 * k)
    for (const demo of demos) add(demoEffect(demo), weight)
    return sum.map((value) => Math.min(1.6, Math.max(-1.5, value)))
  }

  const interactions = (genes: Genes): number => {
    const demos = Math.min(4, genes.demos.length)
    let sum =
      settings.rugged === 0 ? 0 : draws.normal('format x persona', genes.format * 8 + genes.persona, 0, settings.rugged)
    for (const constraint of genes.constraints) {
      if (settings.rugged > 0)
        sum += 0.5 * draws.normal('constraint x demos', constraint * 8 + demos, 0, settings.rugged)
    }
    if (settings.epistasis === 0) return sum
    const slots = [
      genes.persona,
      genes.structure,
      genes.format,
      genes.reasoning ? 1 : 0,
      demos,
      genes.constraints.length,
    ]
    let epistasis = 0
    for (let i = 0; i < slots.length; i++) {
      for (let j = i + 1; j < slots.length; j++) {
        if (slots[i] !== 0 || slots[j] !== 0)
          epistasis += draws.normal(`epistasis:${i}:${slots[i]}:${j}:${slots[j]}`, 0, 0, 1)
      }
    }
    return sum + (settings.epistasis * epistasis) / Math.sqrt(15)
  }

  return {
    probability(genes, tokens, caseKey) {
      const family = draws.integer(`case:${caseKey}`, 0, families)
      const own = draws.dirichlet(`case weights:${caseKey}`, aspects, 0.3)
      const difficulty = draws.normal(`case:${caseKey}`, 1, 0, 2.1)
      const phi = latent(genes)
      let logit = -0.9 - difficulty - Math.max(0, tokens - 450) / 300 + interactions(genes)
      for (let i = 0; i < aspects; i++) {
        logit += 2.6 * (0.7 * (familyWeights[family]?.[i] ?? 0) + 0.3 * (own[i] ?? 0)) * (phi[i] ?? 0)
      }
      return 1 / (1 + Math.exp(-logit))
    },
    succeeds(probability, promptKey, caseKey, repetition) {
      const shared = normalQuantile(inside(draws.uniform(`luck of case:${caseKey}`, 0)))
      const own = normalQuantile(inside(draws.uniform(`luck:${promptKey}:${caseKey}`, repetition)))
      return normalCdf(Math.sqrt(sharedLuck) * shared + Math.sqrt(1 - sharedLuck) * own) < probability
    },
  }
}

const inside = (u: number): number => Math.min(1 - 1e-12, Math.max(1e-12, u))

const permutation = (draws: Draws, values: readonly number[]): readonly number[] => {
  const left = [...values]
  return values.map((_, i) => left.splice(draws.integer('format shift', i, left.length), 1)[0] as number)
}
