import { isLocal } from '../domain/model.ts'
import type { Design } from './design.ts'
import type { ReportInput } from './outcome.ts'
import { unitsToReach } from './planning.ts'
import { sampleOf, unitsOf } from './sample.ts'
import type { Study } from './study.ts'
import { listed, plural } from './wording.ts'

export type NoteFacts = {
  readonly input: ReportInput
  readonly study: Study
  readonly judges: ReadonlySet<string>
  readonly design: Design
  /** Comparisons of the primary metric that share alpha: the larger of both families. */
  readonly family: number
}

const simulated = ({ input }: NoteFacts): string[] => {
  const names = input.reproduction.models.filter((model) => model.simulated).map((model) => model.model)
  if (names.length === 0) return []
  return [`SIMULATED: the answers of ${listed(names)} come from a made-up world, not from a language model.`]
}

const origin = ({ input }: NoteFacts): string[] =>
  input.reproduction.origin === undefined ? [] : [input.reproduction.origin]

/** Why a report is exploratory; empty for a confirmatory one. */
export const exploratoryReasons = (input: ReportInput): string[] => [
  ...(input.planChanged
    ? [
        'Exploratory: the analysis (plan, baseline or evaluators) was changed after data existed, so its p-values prove nothing by themselves.',
      ]
    : []),
  ...(input.record === null
    ? ['Exploratory: these results were made elsewhere; no analysis plan was registered before the data.']
    : []),
]

const cached = ({ input }: NoteFacts): string[] => {
  const n = input.outcomes.reduce((sum, outcome) => sum + (outcome.fromCache ? 1 : 0), 0)
  if (n === 0) return []
  return [
    `${plural(n, 'cell')} of ${input.outcomes.length} came from the cache, with the cost and latency of the first time.`,
  ]
}

const copies = ({ study }: NoteFacts): string[] => {
  const found = study.sides.filter((side) => side.copies > 0)
  if (found.length === 0) return []
  const total = found.reduce((sum, side) => sum + side.copies, 0)
  const shown = found.slice(0, 3).map((side) => `${side.variant} on ${side.model}: ${side.copies}`)
  const rest = found.length > 3 ? `; and ${found.length - 3} other combinations` : ''
  return [
    `${plural(total, 'repetition')} only copied an earlier answer and ${total === 1 ? 'counts' : 'count'} once (${shown.join('; ')}${rest}).`,
  ]
}

const substituted = ({ study }: NoteFacts): string[] => {
  const found = study.sides.filter((side) => side.substituted > 0)
  if (found.length === 0) return []
  const shown = found.map((side) => `${side.substituted} for ${side.variant} on ${side.model}`)
  return [`A fallback model gave answers that are left out and count as missing pairs: ${listed(shown)}.`]
}

const judging = ({ judges, study }: NoteFacts): string[] => {
  const tested = study.models.filter((model) => judges.has(model))
  if (tested.length === 0) return []
  return study.models.length === 1
    ? [
        `${tested[0]} judges its own answers: judges tend to prefer their own, so take an independent one where you can.`,
      ]
    : [`${listed(tested)} judged answers, its own among them; model comparisons with it are invalid.`]
}

const unfinished = ({ input, study }: NoteFacts): string[] => {
  const status = input.record?.status ?? 'done'
  if (status === 'done') return []
  const reason = {
    budget: 'it reached its budget',
    refused: 'the provider refused the credentials',
    interrupted: 'it was interrupted',
    running: 'it is still running',
  }[status]
  const dropped =
    study.droppedOutcomes === 0
      ? ''
      : ` ${plural(study.droppedOutcomes, 'result')} of unfinished blocks ${study.droppedOutcomes === 1 ? 'is' : 'are'} left out, so that every comparison stays paired.`
  const sums = input.record === null ? '' : ` (${input.record.results} of ${input.record.cells} cells)`
  return [`The run is not complete: ${reason}${sums}.${dropped}`]
}

const grouping = ({ study }: NoteFacts): string[] => [
  ...(study.clustered
    ? [
        `${plural(study.caseIds.length, 'case')} in ${plural(study.units, 'cluster')}: the cluster is the independent unit.`,
      ]
    : []),
  ...(study.weighted ? ['Cases have weights: they enter every mean and interval.'] : []),
]

const small = ({ study, input, family }: NoteFacts): string[] => {
  const side = study.sides[0]
  if (side === undefined || study.sides.length < 2) return []
  const units = unitsOf(sampleOf(study, (c) => side.means.quality[c] ?? Number.NaN))
  const members = Math.max(1, family)
  const enough = unitsToReach(input.plan.alpha / members)
  const shared = members > 1 ? ` shared by ${members} comparisons` : ''
  return units < enough
    ? [
        `Only ${plural(units, 'independent case')}: fewer than ${enough} can never show a difference at alpha ${input.plan.alpha}${shared}.`,
      ]
    : []
}

const latencyShared = ({ input }: NoteFacts): string[] => {
  const shared = (input.snapshot?.models ?? []).filter(
    (model) => model.experiment && isLocal(model) && !model.exclusive && (model.concurrency ?? 1) > 1,
  )
  if (shared.length === 0) return []
  return [
    `Latency of ${listed(shared.map((model) => model.id))} was measured under shared load; set exclusive: true to measure one call at a time.`,
  ]
}

/** What a reader must know before any number, the gravest first. */
export const notesOf = (facts: NoteFacts): string[] => [
  ...simulated(facts),
  ...origin(facts),
  ...exploratoryReasons(facts.input),
  ...unfinished(facts),
  ...facts.design.notes,
  ...cached(facts),
  ...substituted(facts),
  ...copies(facts),
  ...judging(facts),
  ...grouping(facts),
  ...small(facts),
  ...latencyShared(facts),
]
