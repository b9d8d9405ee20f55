import type { EvaluatorSpec } from '../domain/evaluator.ts'
import type { ModelReference } from '../domain/model.ts'
import { definitionOf } from '../evaluators/registry.ts'
import type { LabFile } from './lab-schema.ts'
import { providerNames, shortModelReference, splitShortModel, toModelReference } from './model-entry.ts'
import type { Path, Reporter } from './source.ts'
import { suggestion } from './suggest.ts'

/** References and uniqueness of ids; entries of an unknown provider are left out (reported by their shape). */
export const buildModels = (entries: LabFile['models'], reporter: Reporter): readonly ModelReference[] => {
  const models = entries.flatMap((entry) => {
    if (typeof entry !== 'string') return [toModelReference(entry)]
    return providerNames.some((name) => name === splitShortModel(entry).provider) ? [shortModelReference(entry)] : []
  })
  const ids = entries.map((entry) => (typeof entry === 'string' ? entry : entry.id))
  for (const [index, entry] of entries.entries()) {
    const id = ids[index] ?? ''
    if (ids.indexOf(id) !== index) reporter.report(['models', index], `Two models have the id "${id}"; ids are unique.`)
    if (id.includes(','))
      reporter.report(['models', index], `The model id "${id}" contains ",", which separates ids on the command line.`)
    if (typeof entry === 'string') continue
    for (const [position, other] of entry.fallback.entries()) {
      const path: Path = ['models', index, 'fallback', position]
      if (other === id) reporter.report(path, `The model "${id}" names itself as its fallback.`)
      else checkModelId(other, { ids, path, role: `the fallback of "${id}"`, reporter })
    }
  }
  return models
}

type Reference = {
  readonly ids: readonly string[]
  readonly path: Path
  readonly role: string
  readonly reporter: Reporter
}

/** A role that names a model which the lab does not list. */
export const checkModelId = (id: string, { ids, path, role, reporter }: Reference): void => {
  if (!ids.includes(id))
    reporter.report(
      path,
      `There is no model "${id}" (${role}). List it under models, with experiment: false if it only serves this role.${suggestion(id, ids)}`,
    )
}

/** Models that judges and similarity ask must be of the lab: their calls are counted and paid like any other. */
export const checkJudges = (
  specs: readonly EvaluatorSpec[],
  reference: Pick<Reference, 'ids' | 'reporter'> & { readonly path: (index: number) => Path },
): void => {
  for (const [index, spec] of specs.entries()) {
    for (const id of definitionOf(spec.type).demand(spec).models) {
      checkModelId(id, { ...reference, path: reference.path(index), role: `asked by the evaluator "${spec.name}"` })
    }
  }
}

/** --models: these are the columns of the experiment, also those with experiment: false; the rest stay for their roles. */
export const selectModels = (
  models: readonly ModelReference[],
  ids: readonly string[] | undefined,
  reporter: Reporter,
): readonly ModelReference[] => {
  const known = models.map((model) => model.id)
  const unknown = (ids ?? []).filter((id) => !known.includes(id))
  for (const id of unknown) {
    reporter.report(['models'], `--models names "${id}", which is no model of this lab.${suggestion(id, known)}`)
  }
  const selected =
    ids === undefined ? models : models.map((model) => ({ ...model, experiment: ids.includes(model.id) }))
  if (unknown.length === 0 && models.length > 0 && !selected.some((model) => model.experiment)) {
    reporter.report(['models'], 'Every model has experiment: false; at least one must answer the cases.')
  }
  return selected
}
