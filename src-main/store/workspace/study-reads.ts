import type { ExperimentSnapshot } from '../../../src-core/domain/experiment.ts'
import { isLocal, type ModelReference, type TokenPrice } from '../../../src-core/domain/model.ts'
import { evaluatorDemand } from '../../../src-core/evaluators/registry.ts'
import { prospects } from '../../../src-core/experiment/before-run.ts'
import { buildModels, selectModels } from '../../../src-core/lab/models.ts'
import { readLabObject } from '../../../src-core/lab/read-lab.ts'
import { planExperiment } from '../../services/plan.ts'
import type { FindReplace } from '../../workspace/app-host.ts'
import { type BuiltProject, buildProject, labHead, type ProjectState } from '../../workspace/project-snapshot.ts'
import type { PlanState, RunSelection, Setup } from '../../workspace/setup-types.ts'
import type { CaseFilter, ColumnStats } from '../../workspace/types.ts'
import type { Db } from '../database.ts'
import { caseIds, readColumns } from './case-query.ts'
import type { CaseReads } from './case-reads.ts'
import { columnStats } from './column-stats.ts'
import type { ProjectReads } from './project-reads.ts'
import { replacedIn } from './replace-text.ts'

export type PriceOfModel = readonly (readonly [model: string, price: TokenPrice | null])[]

/** Live arithmetic looks at no more cases than that, evenly spread: it answers while a person types. */
const plannedCases = 2_000
/** Cases at which the power curve is drawn. */
const curve = [10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 2000] as const

const cautionsOf = (
  snapshot: ExperimentSnapshot,
  usd: { readonly high: number } | null,
  calls: number,
): readonly string[] => {
  const found: string[] = []
  const { budget } = snapshot
  if (budget.usd !== null && usd !== null && usd.high > budget.usd) {
    found.push(`The budget of $${budget.usd} may end the run early: it can cost up to $${usd.high.toPrecision(2)}.`)
  }
  if (budget.calls !== null && calls > budget.calls)
    found.push(`The budget of ${budget.calls} calls ends the run early: it needs ${calls}.`)
  const candidates = new Map(snapshot.models.filter(({ experiment }) => experiment).map((model) => [model.id, model]))
  for (const spec of snapshot.evaluators) {
    for (const id of evaluatorDemand(spec).models) {
      if (candidates.has(id))
        found.push(`The model "${id}" judges its own answers ("${spec.name}"): judges prefer their own style.`)
    }
  }
  if (usd === null && snapshot.models.some((model) => model.experiment && !isLocal(model)))
    found.push('The price of a model is unknown, so the cost is unknown; it is not $0.')
  return found
}

/** Long looks at a project: whole cases, plans, snapshots. They run in a thread that no grid waits for. */
export const studyReads = (db: Db, cases: CaseReads, projects: ProjectReads) => {
  const cellsOf = db.prepare<[number], string>('SELECT cells FROM workspace_cases WHERE id = ?').pluck()
  const parse = (id: number) => JSON.parse(cellsOf.get(id) ?? '{}') as ProjectState['cases'][number]

  const head = (project: number, trial: Setup | null): Omit<ProjectState, 'cases'> => ({
    name: projects.project(project).name,
    setup: { ...projects.setup(project), ...trial },
    prompts: projects.prompts(project).map(({ draft }) => draft),
    columns: readColumns(db, project),
  })
  const state = (project: number, selection: RunSelection, trial: Setup | null): ProjectState => {
    const filter: CaseFilter = selection.split === undefined ? {} : { split: selection.split }
    return { ...head(project, trial), cases: caseIds(db, project, { filter, sort: null }).map(parse) }
  }
  const build = (project: number, selection: RunSelection, trial: Setup | null): BuiltProject =>
    buildProject(state(project, selection, trial), selection)

  return {
    projectState: (project: number): ProjectState => state(project, {}, null),
    buildSnapshot: build,

    /** Problems of the setup alone: the first case stands for all, so that typing is answered at once. */
    checkSetup: (project: number): BuiltProject['problems'] => {
      const first = cases.firstCase(project)
      const whole: ProjectState = { ...head(project, null), cases: first === null ? [] : [parse(first)] }
      return buildProject(whole, {}).problems.filter(({ path }) => path[0] !== 'prompts' && path[0] !== 'cases')
    },

    /** The models that a plan needs prices for; prices stay with the host. */
    modelsOf: (project: number, selection: RunSelection, trial: Setup | null): readonly ModelReference[] => {
      const source = readLabObject({
        ...labHead({ name: 'x', setup: { ...projects.setup(project), ...trial }, prompts: [] }),
        cases: [],
      })
      if (!('sections' in source) || source.sections.models === null) return []
      return selectModels(buildModels(source.sections.models, source.reporter), selection.models, source.reporter)
    },

    plan: (project: number, selection: RunSelection, trial: Setup | null, prices: PriceOfModel): PlanState => {
      const all = caseIds(db, project, {
        filter: selection.split === undefined ? {} : { split: selection.split },
        sort: null,
      }).slice(0, selection.limit)
      const every = Math.ceil(all.length / plannedCases)
      const looked = all.filter((_, index) => index % Math.max(1, every) === 0)
      const built = buildProject(
        { ...head(project, trial), cases: looked.map(parse) },
        { ...selection, limit: undefined },
      )
      const { problems } = built
      const warnings =
        looked.length === all.length
          ? built.warnings
          : [...built.warnings, `Reckoned from ${looked.length} of ${all.length} cases; the start checks every one.`]
      // Every looked-at case stands for its neighbours: sums and numbers of cases are those of the whole.
      const snapshot =
        built.snapshot === null
          ? null
          : {
              ...built.snapshot,
              cases: all.flatMap((_, index) => built.snapshot?.cases[Math.floor(index / Math.max(1, every))] ?? []),
            }
      if (snapshot === null) {
        const columns = projects.prompts(project).filter(({ draft }) => draft.active).length
        return {
          plan: null,
          variants: columns,
          cases: 0,
          models: 0,
          repetitions: 0,
          problems,
          warnings,
          cautions: [],
          power: [],
        }
      }
      const known = new Map(prices)
      const plan = planExperiment(snapshot, {
        priceOf: (model) => known.get(JSON.stringify([model.provider, model.model, model.baseUrl])) ?? model.price,
      })
      const own = snapshot.cases.length
      const [sample] = snapshot.cases
      const power = [...new Set([...curve, own])]
        .sort((a, b) => a - b)
        .flatMap((n) => {
          if (sample === undefined) return []
          const { minimumDetectableDifference } = prospects({
            ...snapshot,
            cases: Array.from({ length: n }, () => sample),
          })
          return minimumDetectableDifference === null ? [] : [{ cases: n, difference: minimumDetectableDifference }]
        })
      return {
        plan,
        variants: snapshot.variants.length,
        cases: own,
        models: snapshot.models.filter(({ experiment }) => experiment).length,
        repetitions: snapshot.repetitions,
        problems,
        warnings,
        cautions: cautionsOf(snapshot, plan.usd, plan.calls),
        power,
      }
    },

    stats: (project: number, column: string, filter: CaseFilter): ColumnStats =>
      columnStats(column, caseIds(db, project, { filter, sort: null }).map(parse)),

    findCount: (
      project: number,
      filter: CaseFilter,
      what: FindReplace,
    ): { readonly rows: number; readonly replacements: number } => {
      const columns = readColumns(db, project)
      let rows = 0
      let replacements = 0
      for (const id of caseIds(db, project, { filter, sort: null })) {
        const found = replacedIn(parse(id), what, columns).replacements
        replacements += found
        if (found > 0) rows += 1
      }
      return { rows, replacements }
    },
  }
}
