/** Why a method refuses to give a number. */
export const insufficientReasons = [
  'empty',
  'not-a-number',
  'single-unit',
  'constant',
  'no-discordant-pairs',
  'no-successes',
  'not-positive',
  'too-few-units',
  'out-of-domain',
] as const
export type InsufficientReason = (typeof insufficientReasons)[number]

/** What an inferential method returns instead of a number when the data cannot carry one. */
export type Insufficient = {
  readonly kind: 'insufficient'
  readonly reason: InsufficientReason
  /** For people: what is missing. */
  readonly detail: string
}

const details: Readonly<Record<InsufficientReason, string>> = {
  empty: 'there are no data',
  'not-a-number': 'a value is not a finite number',
  'single-unit': 'there is only one independent unit',
  constant: 'all values are equal, so their spread is unknown',
  'no-discordant-pairs': 'no pair differs',
  'no-successes': 'there is no success to divide by',
  'not-positive': 'a ratio needs positive values on both sides',
  'too-few-units': 'there are too few independent units for this method',
  'out-of-domain': 'the value lies outside of what the method covers',
}

/** The typed refusal with its reason and a sentence for people. */
export const insufficient = (reason: InsufficientReason, detail: string = details[reason]): Insufficient => ({
  kind: 'insufficient',
  reason,
  detail,
})

/** True for the typed refusal; false for every number and every result object. */
export const isInsufficient = (value: unknown): value is Insufficient =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'insufficient'

/** [low, high]. */
export type Bounds = readonly [low: number, high: number]

/** Direction of the alternative hypothesis, as seen from the estimate. */
export type Alternative = 'two-sided' | 'greater' | 'less'

/** A wrong argument is the caller's mistake and throws; poor data never do. */
export const requireThat = (condition: boolean, message: string): void => {
  if (!condition) throw new RangeError(message)
}

/** Throws RangeError for a level outside of (0, 1). */
export const requireLevel = (level: number): void =>
  requireThat(level > 0 && level < 1, `a confidence level lies between 0 and 1, not ${level}`)
