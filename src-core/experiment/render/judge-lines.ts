import type { ExperimentReport, JudgeCorrection } from '../../domain/report.ts'
import { combination, level, plural, score, signed } from '../wording.ts'
import { onlyOneModel } from './parts.ts'

const corrected = (one: JudgeCorrection, show: (value: number) => string): string => {
  const judged = one.judged === null ? 'the judge says nothing' : `the judge says ${show(one.judged)}`
  if (one.corrected === null || one.ci === null) return `${judged}; no correction: ${one.insufficient ?? 'unknown'}`
  const interval = `${level(one.ciLevel)} interval ${show(one.ci[0])} to ${show(one.ci[1])}`
  const cases = `${plural(one.humanCases, 'case')} rated by people, ${one.judgedCases} by the judge alone`
  return `${judged}, people would say ${show(one.corrected)} (${interval}); ${cases}`
}

const agreementWords = ({ judge }: ExperimentReport): string | null => {
  if (judge === null || judge.agreement === null) return null
  const { items, bias, meanAbsoluteError, kappa, ac1, alpha, table } = judge.agreement
  const flatters =
    bias === 0 ? 'is neither kinder nor harsher' : `is ${score(Math.abs(bias))} ${bias < 0 ? 'kinder' : 'harsher'}`
  const measures = [
    ...(kappa === null ? [] : [`kappa ${score(kappa)}`]),
    ...(ac1 === null ? [] : [`AC1 ${score(ac1)}`]),
    ...(alpha === null ? [] : [`alpha ${score(alpha)}`]),
  ]
  const counts =
    table === null
      ? ''
      : ` (both pass ${table.bothPass}, only people ${table.onlyHuman}, only the judge ${table.onlyJudge}, neither ${table.neither})`
  return `On ${plural(items, 'answer')} rated by both, the judge ${flatters} than people on average and ${score(meanAbsoluteError)} away from them${measures.length === 0 ? '' : `; agreement ${measures.join(', ')}`}${counts}.`
}

/** What human ratings make of the judge's scores, in sentences; empty where nobody asked. */
export const judgeLines = (report: ExperimentReport): readonly string[] => {
  const { judge } = report
  if (judge === null) return []
  const only = onlyOneModel(report)
  const agreement = agreementWords(report)
  return [
    ...(agreement === null ? [] : [agreement]),
    ...judge.means.map((one) => `${combination(one, only)}: ${corrected(one, score)}.`),
    ...judge.differences.map(
      (one) =>
        `${combination(one.candidate, only)} against ${combination(one.baseline, only)}: ${corrected(one, signed)}.`,
    ),
    ...judge.notes,
  ]
}
