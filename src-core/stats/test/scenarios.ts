/** What section 11 of the specification asks to be calibrated, and the naive estimators of section 1 that must fail. */
import {
  alwaysValidP,
  asymptoticSequence,
  bernoulliLogE,
  bettingSequence,
  cochranQ,
  discordant,
  empiricalBernsteinSequence,
  estimateMean,
  friedman,
  geometricRatio,
  holm,
  intersectionUnion,
  mcnemar,
  mean,
  nonInferiority,
  normalMixtureBound,
  normalMixtureRho,
  normalSf,
  oneSampleMsprt,
  pairedScoreTest,
  pairedT,
  ppiMean,
  sequentialSampleRatio,
  signFlip,
  studentInterval,
  tost,
  tTest,
  variantByCase,
  welchT,
  wilcoxonSignedRank,
  wilson,
} from '../index.ts'
import type { Insufficient } from '../result.ts'
import { type Draws, list, type Scenario } from './simulate.ts'

const rejects = (test: { readonly p: number } | Insufficient): boolean => !('kind' in test) && test.p <= 0.05
const misses = (interval: { readonly ci: readonly [number, number] | null } | Insufficient, truth: number): boolean =>
  'kind' in interval || interval.ci === null || truth < interval.ci[0] || truth > interval.ci[1]

/** A score in [0, 1]: half the spread is the case's, half the answer's. */
const score = (caseEffect: number, { uniform }: Draws): number => (caseEffect + uniform()) / 2

const pair = (n: number, draws: Draws): { a: number[]; b: number[] } => {
  const effects = list(n, draws.uniform)
  return { a: effects.map((e) => score(e, draws)), b: effects.map((e) => score(e, draws)) }
}
const differences = (n: number, draws: Draws): number[] => {
  const { a, b } = pair(n, draws)
  return a.map((x, i) => x - (b[i] as number))
}

/** Values of units with an intra-class correlation; total variance 1. */
const nested = (units: number, each: number, draws: Draws, icc = 0.5): { values: number[]; clusters: number[] } => {
  const effects = list(units, () => Math.sqrt(icc) * draws.normal())
  const clusters = effects.flatMap((_, g) => list(each, () => g))
  return { values: clusters.map((g) => (effects[g] as number) + Math.sqrt(1 - icc) * draws.normal()), clusters }
}

const continuous: readonly [number, number] = [0.03, 0.07]
const atMost = (high: number): readonly [number, number] => [0, high]

/** Tests on continuous scores: nominal 5 %. */
export const continuousTests: readonly Scenario[] = [
  {
    name: 'paired t, 50 cases',
    within: continuous,
    errs: (d) => {
      const { a, b } = pair(50, d)
      return rejects(pairedT(a, b))
    },
  },
  { name: 'exact sign-flip, 20 cases', within: continuous, errs: (d) => rejects(signFlip(differences(20, d))) },
  {
    name: 'Monte Carlo sign-flip, 40 cases',
    within: continuous,
    errs: (d) => rejects(signFlip(differences(40, d), { uniform: d.at, resamples: 499 })),
  },
  {
    name: 'Wilcoxon signed rank, 25 cases',
    within: continuous,
    errs: (d) => rejects(wilcoxonSignedRank(differences(25, d))),
  },
  {
    name: 'Welch, unequal sizes and spreads',
    within: continuous,
    errs: (d) =>
      rejects(
        welchT(
          list(15, () => 3 * d.normal()),
          list(40, d.normal),
        ),
      ),
  },
  {
    name: 'clustered t, 30 clusters of 4',
    within: continuous,
    errs: (d) => {
      const { values, clusters } = nested(30, 4, d)
      return rejects(tTest(values, { clusters }))
    },
  },
  {
    name: 'variant by case, 4 x 25 x 3',
    within: continuous,
    errs: (d) => {
      const effects = list(25, d.normal)
      return rejects(
        variantByCase(
          list(4, () =>
            effects.map((e) => {
              const i = e + d.normal()
              return list(3, () => i + d.normal())
            }),
          ),
        ),
      )
    },
  },
  {
    name: 'Friedman, 4 variants, 30 cases',
    within: continuous,
    errs: (d) =>
      rejects(
        friedman(
          list(30, () => {
            const e = d.uniform()
            return list(4, () => score(e, d))
          }),
        ),
      ),
  },
  {
    name: 'geometric ratio of costs, 40 cases',
    within: continuous,
    errs: (d) => {
      const e = list(40, d.normal)
      const cost = () => e.map((x) => Math.exp(x + 0.5 * d.normal()))
      return rejects(geometricRatio(cost(), cost()))
    },
  },
  {
    name: 'non-inferiority at its margin',
    within: continuous,
    errs: (d) =>
      rejects(
        nonInferiority(
          differences(40, d).map((x) => x - 0.1),
          0.1,
        ),
      ),
  },
]

/** Right or wrong, the first worse by exactly the margin: `gains` is the chance that only the first is right. */
const passRatesAtMargin = (n: number, margin: number, gains: number): Scenario => ({
  name: `score test of pass rates at its margin: ${n} cases, ${margin}, gains ${gains}`,
  within: atMost(0.07),
  errs: (d) => {
    let [won, lost] = [0, 0]
    for (let i = 0; i < n; i++) {
      const u = d.uniform()
      if (u < gains) won++
      else if (u < 2 * gains + margin) lost++
    }
    return rejects(pairedScoreTest(n, won, lost, margin))
  },
})

/** Discrete and composite ones may be careful, never careless. */
export const carefulTests: readonly Scenario[] = [
  {
    name: 'exact McNemar, 40 cases',
    within: atMost(0.07),
    errs: (d) => {
      const chances = list(40, d.uniform)
      const answers = () => chances.map((chance) => d.coin(chance) === 1)
      const { onlyFirst, onlySecond } = discordant(answers(), answers())
      return rejects(mcnemar(onlyFirst, onlySecond))
    },
  },
  passRatesAtMargin(60, 0.05, 0),
  passRatesAtMargin(60, 0.05, 0.05),
  passRatesAtMargin(300, 0.02, 0),
  passRatesAtMargin(300, 0.02, 0.05),
  { name: 'sign-flip, 8 cases', within: atMost(0.07), errs: (d) => rejects(signFlip(differences(8, d))) },
  {
    name: 'sign-flip, 15 cases of 0, 1/2 and 1',
    within: atMost(0.07),
    errs: (d) => rejects(signFlip(list(15, () => (d.coin(0.5) + d.coin(0.5) - d.coin(0.5) - d.coin(0.5)) / 2))),
  },
  {
    name: 'TOST at its margin',
    within: atMost(0.07),
    errs: (d) =>
      rejects(
        tost(
          differences(40, d).map((x) => x + 0.1),
          0.1,
        ),
      ),
  },
  {
    name: 'cheaper and not worse, quality at the margin',
    within: atMost(0.07),
    errs: (d) => {
      const worse = nonInferiority(
        differences(40, d).map((x) => x - 0.1),
        0.1,
      )
      const cost = (scale: number) => list(40, () => scale * Math.exp(0.3 * d.normal()))
      return rejects(intersectionUnion(worse, geometricRatio(cost(0.5), cost(1), { alternative: 'less' })))
    },
  },
  {
    name: 'Cochran Q, 4 variants, 60 cases',
    within: atMost(0.07),
    errs: (d) =>
      rejects(
        cochranQ(
          list(60, () => {
            const chance = d.uniform()
            return list(4, () => d.coin(chance))
          }),
        ),
      ),
  },
  {
    name: 'Holm over 8 paired t',
    within: atMost(0.07),
    errs: (d) =>
      holm(
        list(8, () => {
          const t = tTest(differences(30, d))
          return 'kind' in t ? 1 : t.p
        }),
      ).some((p) => p <= 0.05),
  },
]

const horizon = 300

/** Does any look of a sequence of `horizon` units err? */
const everAt = (look: (t: number) => boolean): boolean => {
  for (let t = 1; t <= horizon; t++) if (look(t)) return true
  return false
}

const threeValued = ({ uniform }: Draws): number => {
  const u = uniform()
  return u < 0.25 ? 0 : u < 0.75 ? 0.5 : 1
}

/** Confidence sequences: ever missing, over all looks, at most alpha. */
export const sequences: readonly Scenario[] = [
  {
    name: 'betting, differences of pass and fail',
    within: atMost(0.05),
    errs: (d) => misses(bettingSequence(list(200, () => threeValued(d))), 0.5),
  },
  {
    name: 'betting, rare passes',
    within: atMost(0.05),
    errs: (d) => misses(bettingSequence(list(200, () => d.coin(0.05))), 0.05),
  },
  {
    name: 'betting, units of unequal weight',
    within: atMost(0.05),
    errs: (d) => misses(bettingSequence(list(200, d.uniform), { weights: list(200, (i) => 1 + (i % 7)) }), 0.5),
  },
  {
    name: 'empirical Bernstein',
    within: atMost(0.05),
    errs: (d) => misses(empiricalBernsteinSequence(list(200, d.uniform)), 0.5),
  },
  {
    name: 'Bernoulli mixture',
    within: atMost(0.05),
    errs: (d) => {
      let k = 0
      return everAt((t) => {
        k += d.coin(0.3)
        return bernoulliLogE(k, t, 0.3) >= Math.log(20)
      })
    },
  },
  {
    name: 'normal mixture',
    within: atMost(0.05),
    errs: (d) => {
      const rho = normalMixtureRho({ optimalTime: 100 })
      let s = 0
      return everAt((t) => {
        s += d.normal()
        return Math.abs(s) > normalMixtureBound(t, rho)
      })
    },
  },
  {
    name: 'mSPRT',
    within: atMost(0.05),
    errs: (d) => {
      let s = 0
      return everAt((t) => {
        s += d.normal()
        return alwaysValidP(oneSampleMsprt(s / t, t, { variance: 1, mixingVariance: 0.1 })) <= 0.05
      })
    },
  },
  {
    name: 'asymptotic sequence on log ratios, from 100 units on',
    within: atMost(0.05),
    errs: (d) => misses(asymptoticSequence(list(400, () => d.normal() - d.normal())), 0),
  },
  {
    name: 'sample ratio, watched',
    within: atMost(0.05),
    errs: (d) => {
      const n = [0, 0]
      return everAt(() => {
        const arm = d.coin(0.5)
        n[arm] = (n[arm] ?? 0) + 1
        return sequentialSampleRatio(n).p <= 0.05
      })
    },
  },
]

/** Intervals of 3.1 to 3.3, ICC .5; shares of misses. */
export const coverages: readonly Scenario[] = [
  {
    name: 'mean of 20 cases x 10 repetitions',
    within: atMost(0.07),
    errs: (d) =>
      misses(
        studentInterval(
          list(20, () => {
            const e = d.normal()
            return mean(list(10, () => e + d.normal())) as number
          }),
        ),
        0,
      ),
  },
  {
    name: 'clustered mean, 30 clusters of 5',
    within: atMost(0.07),
    errs: (d) => {
      const { values, clusters } = nested(30, 5, d)
      return misses(studentInterval(values, { clusters }), 0)
    },
  },
  {
    name: 'paired difference, 30 cases x 4 repetitions',
    within: atMost(0.07),
    errs: (d) => {
      const gaps = list(30, () => {
        const e = d.normal()
        return e + (mean(list(4, () => d.normal() - d.normal())) as number)
      })
      return misses(studentInterval(gaps), 0)
    },
  },
  {
    name: 'Wilson, 40 cases at .3',
    within: atMost(0.07),
    errs: (d) =>
      misses(
        wilson(
          list(40, () => d.coin(0.3)).reduce<number>((a, b) => a + b, 0),
          40,
        ),
        0.3,
      ),
  },
  {
    name: 'PPI++, 100 human ratings among 500',
    within: atMost(0.07),
    errs: (d) => {
      const rate = () => {
        const human = d.coin(0.6)
        return { human, judge: d.coin(0.85) === 1 ? human : 1 }
      }
      const rated = list(100, rate)
      const others = list(400, rate).map((one) => one.judge)
      return misses(
        ppiMean({ human: rated.map((one) => one.human), judge: rated.map((one) => one.judge), judgeOnly: others }),
        0.6,
      )
    },
  },
]

/** Estimators of the naive lab: the same harness must catch them. `within` is where their error lies, far above .07. */
export const naive: readonly Scenario[] = [
  {
    // 20 x 10 at ICC .9, where the specification's .48 comes from: 2Φ(1.96/√(1+9·.9))−1.
    name: 'repetitions counted as cases, ICC .9: coverage about .48',
    within: [0.48, 0.58],
    errs: (d) => misses(studentInterval(nested(20, 10, d, 0.9).values), 0),
  },
  {
    // The same at ICC .5, where the formula gives a coverage of .60.
    name: 'repetitions counted as cases, ICC .5',
    within: [0.36, 0.47],
    errs: (d) => misses(studentInterval(nested(20, 10, d).values), 0),
  },
  {
    name: 'a z test looked at 100 times rejects in about 38 %',
    within: [0.33, 0.43],
    errs: (d) => {
      let s = 0
      for (let t = 1; t <= 100; t++) {
        s += d.normal()
        if (2 * normalSf(Math.abs(s) / Math.sqrt(t)) <= 0.05) return true
      }
      return false
    },
  },
  {
    name: 'quality averaged over successes only never covers',
    within: [0.9, 1],
    errs: (d) => misses(studentInterval(list(60, d.uniform).filter((x) => x >= 0.5)), 0.5),
  },
  {
    name: 'ten comparisons without correction',
    within: [0.3, 0.5],
    errs: (d) => list(10, () => tTest(differences(30, d))).some(rejects),
  },
  {
    name: 'a constraint checked on the point estimate passes half of the borderline variants',
    within: [0.45, 0.55],
    errs: (d) => (mean(list(30, d.normal)) as number) <= 0,
  },
  {
    name: 'the interval of the best of 20 equal arms, taken from the set that chose it',
    within: [0.3, 0.6],
    errs: (d) => {
      const arms = list(20, () => estimateMean(list(30, d.normal)))
      const best = arms.reduce((a, b) => ('kind' in a || 'kind' in b ? a : b.estimate > a.estimate ? b : a))
      return 'kind' in best || best.estimate - 1.959963984540054 * best.se > 0
    },
  },
]

/** How much the mean of the best of 20 equal arms with SE .03 overstates it, on average (.056). */
export const winnersInflation = (draws: Draws): number => Math.max(...list(20, () => 0.03 * draws.normal()))
