import { createPhilox } from '../../ports/philox.ts'

/** Draws of one simulated run, in order. Equal seed, scenario and run give equal draws, whatever else is run. */
export type Draws = {
  uniform(): number
  normal(): number
  coin(chance: number): 0 | 1
  /** Counter-based draws for methods that want their own. */
  readonly at: (index: number) => number
}

const drawsOf = (seed: number, name: string, run: number): Draws => {
  const random = createPhilox(seed)
  const stream = `${name}:${run}`
  let next = 0
  const uniform = (): number => random.uniform(stream, next++)
  return {
    uniform,
    // Box and Muller; 1 − u is never 0.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    coin: (chance) => (uniform() < chance ? 1 : 0),
    at: (index) => random.uniform(`${stream}:at`, index),
  }
}

export type Scenario = {
  readonly name: string
  /** True when the run goes wrong: a true null rejected, a true value not covered. */
  readonly errs: (draws: Draws) => boolean
  /** Where the share of runs that go wrong must lie in the long run. */
  readonly within: readonly [low: number, high: number]
}

/** Share of `runs` that go wrong. */
export const errorRate = ({ name, errs }: Scenario, runs: number, seed: number): number => {
  let wrong = 0
  for (let run = 0; run < runs; run++) if (errs(drawsOf(seed, name, run))) wrong++
  return wrong / runs
}

export const list = <T>(n: number, make: (index: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i))
