import { type AnalysisPlan, higherIsBetter } from '../domain/objective.ts'
import type { Finding } from './finding.ts'
import type { MoreCases } from './planning.ts'
import type { Decision } from './verdict.ts'
import { combination, inUnit, level, metricLabel, plural, pValue, signed, times, timesAs } from './wording.ts'

export type Wording = {
  readonly plan: AnalysisPlan
  readonly ciLevel: number
  /** Only one model: then no sentence needs its name. */
  readonly onlyModel: boolean
  readonly more: MoreCases | null
}

const names = (finding: Finding, { onlyModel }: Wording): { baseline: string; candidate: string } => {
  const { baseline, candidate, kind } = finding.pair
  if (kind === 'models') {
    // Within a model comparison the variant is the same; name it once, behind the sentence's subject.
    return { baseline: baseline.model, candidate: `${candidate.model} (with ${candidate.variant})` }
  }
  const where = onlyModel ? '' : ` on ${candidate.model}`
  return { baseline: baseline.variant, candidate: `${combination(candidate, true)}${where}` }
}

const isRatioFinding = (finding: Finding): boolean => finding.ratio !== null

/** "quality 0.934 against 0.713, +0.221 (95 % interval +0.120 to +0.318)". */
const effect = (finding: Finding, { ciLevel, plan }: Wording): string => {
  const { metric, unit, baselineMean, candidateMean, difference, ratio, ci } = finding
  if (baselineMean === null || candidateMean === null || difference === null) return ''
  const name = plan.design === 'fixed' ? 'interval' : 'confidence sequence'
  const interval = (text: string): string => ` (${level(ciLevel)} ${name} ${text})`
  const means = `${metricLabel(metric)} ${inUnit(metric, candidateMean, unit)} against ${inUnit(metric, baselineMean, unit)}`
  if (ratio !== null) {
    // The ratio is the typical case's; a few long ones can pull the means the other way, and then they only confuse.
    const contradict = (candidateMean - baselineMean) * Math.log(ratio) < 0
    const opening = contradict ? `${metricLabel(metric)} typically ` : `${means}, `
    return `${opening}${timesAs(metric, ratio)}${ci === null ? '' : interval(`${times(ci[0])} to ${times(ci[1])}`)}`
  }
  return `${means}, ${signed(difference)}${ci === null ? '' : interval(`${signed(ci[0])} to ${signed(ci[1])}`)}`
}

const evidence = (finding: Finding, decision: Decision, { plan }: Wording): string => {
  const { p, n } = finding
  const cases = plural(n, 'case')
  if (p === null || decision.pAdjusted === null) return cases
  const adjusted = decision.m > 1 ? `, ${pValue(decision.pAdjusted, 'adjusted p')} for ${decision.m} comparisons` : ''
  return `${pValue(p, plan.design === 'fixed' ? 'p' : 'always-valid p')}${adjusted}, ${cases}`
}

const comparative = (finding: Finding, better: boolean): string => {
  switch (finding.metric) {
    case 'quality':
    case 'passRate':
      return better ? 'better' : 'worse'
    case 'cost':
      return better ? 'cheaper' : 'more expensive'
    case 'latency':
      return better ? 'faster' : 'slower'
    case 'inputTokens':
    case 'outputTokens':
    case 'promptTokens':
      return better ? 'shorter' : 'longer'
  }
}

/** The interval is simultaneous and of another method than p, so it may touch "no difference" where p decides. */
const disagreement = (finding: Finding, decision: Decision): string => {
  const none = isRatioFinding(finding) ? 1 : 0
  const { ci } = finding
  if (ci === null || (decision.verdict !== 'better' && decision.verdict !== 'worse')) return ''
  if (ci[0] > none || ci[1] < none) return ''
  const decider = decision.m > 1 ? `Holm's procedure for ${decision.m} comparisons` : 'the exact test'
  return ` The interval touches ${none === 1 ? '1' : '0'}; ${decider} decides.`
}

const undecided = (finding: Finding, decision: Decision, wording: Wording): string => {
  const { baseline, candidate } = names(finding, wording)
  const subject = `${candidate} and ${baseline}`
  if (finding.n === 0 || finding.difference === null || finding.insufficient !== null) {
    const numbers = effect(finding, wording)
    const shown = numbers === '' ? '' : `${numbers}; `
    return `${subject} cannot be compared by ${metricLabel(finding.metric)}: ${shown}${finding.insufficient ?? 'no case was answered by both'}.`
  }
  const more = wording.more?.sentence ?? ''
  const opening = higherIsBetter(finding.metric)
    ? `${candidate} is not shown better or worse than ${baseline}`
    : `${candidate} is not shown ${comparative(finding, true)} or ${comparative(finding, false)} than ${baseline}`
  return `${opening}: ${effect(finding, wording)}; ${evidence(finding, decision, wording)}.${more === '' ? '' : ` ${more}`}`
}

/** The comparison in plain words, with number, interval, adjusted p and cases. */
export const sentenceOf = (finding: Finding, decision: Decision, wording: Wording): string => {
  const { baseline, candidate } = names(finding, wording)
  const numbers = `${effect(finding, wording)}; ${evidence(finding, decision, wording)}`
  const margin = inUnit(finding.metric, wording.plan.margin)
  switch (decision.verdict) {
    case 'invalid':
      return `${candidate} and ${baseline} must not be compared by ${metricLabel(finding.metric)}: ${finding.invalid}.`
    case 'better':
    case 'worse':
      return `${candidate} is ${comparative(finding, decision.verdict === 'better')} than ${baseline}: ${numbers}.${disagreement(finding, decision)}`
    case 'cheaper-not-worse':
      return `${candidate} is cheaper than ${baseline} and not worse by more than ${margin}: ${numbers}; ${pValue(decision.pClaim ?? 1, 'adjusted p of both claims')}.`
    case 'equivalent':
      return `${candidate} and ${baseline} are equivalent within ${margin}: ${numbers}; ${pValue(decision.pClaim ?? 1, 'adjusted p of equivalence')}.`
    case 'not-enough-data':
      return undecided(finding, decision, wording)
  }
}

/** Why this verdict: the analysis used, why that one, and what it says. */
export const reasonOf = (finding: Finding, decision: Decision, wording: Wording): string => {
  if (finding.invalid !== null) return finding.invalid
  if (finding.insufficient !== null && finding.p === null) return finding.insufficient
  const { plan, more } = wording
  const margin = inUnit(finding.metric, plan.margin)
  const claim = {
    invalid: '',
    better: `adjusted p is at most ${plan.alpha}`,
    worse: `adjusted p is at most ${plan.alpha}`,
    'cheaper-not-worse': `not worse by ${margin} and cheaper, both at ${plan.alpha}`,
    equivalent: `within ${margin} on both sides at ${plan.alpha}`,
    'not-enough-data': `adjusted p is above ${plan.alpha}`,
  }[decision.verdict]
  const parts = [`${finding.method} (${finding.why})`, claim, ...(more === null ? [] : [more.reason])]
  return parts.filter((part) => part !== '').join('; ')
}
