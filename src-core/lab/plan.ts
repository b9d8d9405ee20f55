import {
  type AnalysisPlan,
  type Constraint,
  type Gates,
  type Metric,
  metrics,
  type Objective,
} from '../domain/objective.ts'
import type { LabFile } from './lab-schema.ts'
import { type Parsed, parseConstraint, parsePassRateGate, pointsTheWrongWay } from './quantities.ts'
import type { Path, Reporter } from './source.ts'

const read = <T>(
  parsed: Parsed<T>,
  text: string,
  place: { readonly path: Path; readonly name: string; readonly reporter: Reporter },
): T | null => {
  if ('value' in parsed) return parsed.value
  place.reporter.report(place.path, `${place.name} must be ${parsed.expected}, not "${text}".`)
  return null
}

export const buildObjectives = (section: LabFile['objectives']): readonly Objective[] =>
  metrics.flatMap((metric) => {
    const objective = section[metric]
    return objective === undefined ? [] : [{ metric, weight: objective.weight }]
  })

export const buildConstraints = (section: LabFile['constraints'], reporter: Reporter): readonly Constraint[] =>
  (Object.entries(section) as [Metric, string][]).flatMap(([metric, text]) => {
    const path: Path = ['constraints', metric]
    const constraint = read(parseConstraint(metric, text), text, { path, name: `constraints.${metric}`, reporter })
    if (constraint === null) return []
    if (pointsTheWrongWay(constraint))
      reporter.warn(path, `constraints.${metric} "${text}" asks for worse, not for better; is the sign right?`)
    return [constraint]
  })

export const buildGates = (section: LabFile['gates'], reporter: Reporter): Gates => {
  const { passRate: text } = section
  const passRate =
    text === undefined
      ? null
      : read(parsePassRateGate(text), text, { path: ['gates', 'passRate'], name: 'gates.passRate', reporter })
  return { passRate, caseMinimum: section.caseMinimum === 'all', notWorseThanBaseline: section.notWorseThanBaseline }
}

/**
 * Where the file does not name a cluster and the cases bring a `cluster` of their own, that one counts; `cluster: null`
 * in the file means each case for itself, whatever the cases bring.
 */
export const buildPlan = (section: LabFile['analysis'], casesAreClustered: boolean): AnalysisPlan => ({
  ...section,
  cluster: section.cluster === undefined ? (casesAreClustered ? 'cluster' : null) : section.cluster,
})
