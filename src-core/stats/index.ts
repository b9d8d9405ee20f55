/** The public surface of `prompt-lab/stats`, and the one barrel of the house: the package's door needs one file. */
export * from './agreement.ts'
export * from './best-arm.ts'
export * from './blocks.ts'
export * from './bootstrap.ts'
export * from './correlation.ts'
export {
  finiteMean,
  geometricMean,
  mean,
  median,
  mergedMoments,
  noMoments,
  quantile,
  quantileOfSorted,
  type RunningMoments,
  ranks,
  runningSd,
  sampleCovariance,
  sampleSd,
  sampleVariance,
  sorted,
  sum,
  weightedMean,
  withValue,
} from './describe.ts'
export * from './distributions.ts'
export * from './drift.ts'
export * from './effects.ts'
export * from './equivalence.ts'
export * from './fisher-exact.ts'
export * from './judge-correction.ts'
export * from './krippendorff.ts'
export * from './mcnemar.ts'
export * from './mean-estimate.ts'
export * from './multiplicity.ts'
export * from './order-statistics.ts'
export * from './paired-score.ts'
export * from './paired-t.ts'
export * from './power.ts'
export * from './proportions.ts'
export * from './racing.ts'
export * from './result.ts'
export * from './sample-ratio.ts'
export * from './sequential-asymptotic.ts'
export * from './sequential-bernoulli.ts'
export * from './sequential-bounded.ts'
export * from './sequential-msprt.ts'
export {
  alwaysValidP,
  asymptoticRadius,
  asymptoticRhoSquared,
  type MixtureTuning,
  normalMixtureBound,
  normalMixtureLogE,
  normalMixtureRho,
  oneSidedMixtureBound,
  oneSidedMixtureLogE,
  oneSidedMixtureRho,
} from './sequential-normal.ts'
export * from './shapiro-wilk.ts'
export * from './sign-flip.ts'
export * from './two-sample.ts'
export * from './variance-components.ts'
export * from './weighted-kappa.ts'
export * from './wilcoxon.ts'
export * from './winners-curse.ts'
