import type { EvaluatorSpec } from '../domain/evaluator.ts'
import type { ExperimentSnapshot } from '../domain/experiment.ts'
import type { ContentHash } from '../domain/ids.ts'
import type { PromptTemplate } from '../domain/prompt.ts'
import { definitionOf } from '../evaluators/registry.ts'
import { toEvaluatorSpecs } from '../evaluators/schema.ts'
import { createPhilox } from '../ports/philox.ts'
import type { EvolveSection } from './analysis-entry.ts'
import { buildCases, type LocatedCase } from './cases.ts'
import { type CaseProblem, noMapping } from './columns.ts'
import { checkEvolve } from './evolve.ts'
import { buildModels, checkJudges, selectModels } from './models.ts'
import { budgetWith, type PlanOverrides, planWith, type RunOverrides } from './overrides.ts'
import { buildConstraints, buildGates, buildObjectives, buildPlan } from './plan.ts'
import type { LabSource } from './read-lab.ts'
import type { RowSource } from './rows.ts'
import { selectCases } from './select-cases.ts'
import type { Path } from './source.ts'
import { suggestion } from './suggest.ts'
import { checkTemplates } from './template-checks.ts'
import { buildVariants, checkPromptNames, promptName, type ResolvedPrompt, selectVariants } from './variants.ts'

/** What had to be fetched for a lab: the texts of its prompts and the rows of its cases. Null: could not be (reported). */
export type LabMaterial = {
  readonly prompts: readonly ResolvedPrompt[]
  readonly rows: RowSource | null
  /** The file the rows come from; null where they are inline. */
  readonly casesFile: string | null
  readonly hashOf: (template: PromptTemplate) => ContentHash
}

export type BuiltLab = { readonly snapshot: ExperimentSnapshot; readonly evolve: EvolveSection | null }

type Flags = { readonly run: RunOverrides; readonly analysis: PlanOverrides }

const reportCase = (lab: LabSource, material: LabMaterial, problem: CaseProblem): void => {
  const { reporter } = lab
  if ('path' in problem)
    reporter.report(problem.path[0] === '..' ? problem.path.slice(1) : ['cases', ...problem.path], problem.message)
  else
    reporter.add({ message: problem.message, file: material.casesFile ?? lab.file, line: problem.line, column: null })
}

const loadCases = (lab: LabSource, material: LabMaterial, { run }: Flags): readonly LocatedCase[] | null => {
  const { reporter, sections } = lab
  if (material.rows === null || sections.cases === null) return null
  const entry = typeof sections.cases === 'object' && !Array.isArray(sections.cases) ? sections.cases : null
  const built = buildCases(material.rows, {
    mapping: entry ?? noMapping,
    clusterColumn: sections.analysis?.cluster ?? null,
  })
  for (const problem of built.problems) reportCase(lab, material, problem)
  for (const warning of built.warnings) reporter.warn(['cases'], warning)
  const ids = run.cases ?? null
  const selected = selectCases(built.cases, {
    limit: run.limit ?? (ids === null ? entry?.limit : undefined) ?? null,
    sample: entry?.sample ?? null,
    ids,
    random: createPhilox(run.seed ?? sections.seed ?? 1),
  })
  for (const message of selected.problems) reporter.report(['cases'], message)
  for (const warning of selected.warnings) reporter.warn(['cases'], warning)
  if (selected.cases.length === 0 && built.problems.length === 0 && selected.problems.length === 0) {
    const filtered = built.rowCount > 0 && Object.keys(entry?.where ?? {}).length > 0
    const where = JSON.stringify(entry?.where ?? {})
    reporter.report(
      filtered ? ['cases', 'where'] : ['cases'],
      filtered
        ? `No case is left: none of the ${built.rowCount} rows has ${where}.`
        : 'There are no cases; an experiment needs at least one.',
    )
  }
  return selected.cases
}

/** Evaluators must be there, their judges known, and answers that they compare with given. */
const loadEvaluators = (
  lab: LabSource,
  cases: readonly LocatedCase[] | null,
  modelIds: readonly string[] | null,
): readonly EvaluatorSpec[] => {
  const { reporter, sections } = lab
  if (sections.evaluators === null) return []
  const specs = toEvaluatorSpecs(sections.evaluators)
  if (specs.length === 0 && cases !== null && cases.some(({ testCase }) => testCase.evaluators === null)) {
    reporter.report(
      [],
      'evaluators is missing: say how an answer is judged, for instance - { type: equals, ignoreCase: true, trim: true }.',
    )
  }
  if (modelIds !== null) {
    checkJudges(specs, { ids: modelIds, reporter, path: (index): Path => ['evaluators', index] })
    for (const { testCase } of cases ?? []) {
      if (testCase.evaluators !== null)
        checkJudges(testCase.evaluators, { ids: modelIds, reporter, path: (): Path => ['cases'] })
    }
  }
  const comparing = specs.filter(
    (spec) => definitionOf(spec.type).needs.includes('expected') && spec.params.value === undefined,
  )
  const blank = (cases ?? []).filter(({ testCase }) => testCase.evaluators === null && testCase.expected.length === 0)
  const [first] = blank
  if (comparing[0] !== undefined && first !== undefined) {
    const place = first.line === null ? '' : ` in line ${first.line}`
    reporter.warn(
      ['cases'],
      `${blank.length} ${blank.length === 1 ? 'case has' : 'cases have'} no expected answer (first: "${first.testCase.id}"${place}), which the evaluator "${comparing[0].name}" needs; they will score 0.`,
    )
  }
  return specs
}

const chooseBaseline = (lab: LabSource, running: readonly string[], flags: Flags): string => {
  const { reporter, sections } = lab
  const all = (sections.prompts ?? []).map(promptName)
  const asked = flags.analysis.baseline ?? sections.baseline ?? undefined
  const [first = ''] = running
  if (asked === undefined) return first
  if (!all.includes(asked)) {
    if (sections.prompts !== null)
      reporter.report(
        ['baseline'],
        `baseline names "${asked}", which is no prompt of this lab.${suggestion(asked, all)}`,
      )
    return first
  }
  if (running.includes(asked)) return asked
  if (running.length > 0)
    reporter.warn(['baseline'], `The baseline "${asked}" is not part of this run; "${first}" takes its place.`)
  return first
}

/**
 * Puts a lab together and checks what shapes cannot say: references, units, variables, uniqueness. Problems and warnings
 * go to the lab's reporter; the snapshot may be used only when it holds no problem (null where a whole section is wrong).
 */
export const buildSnapshot = (lab: LabSource, material: LabMaterial, flags: Flags): BuiltLab | null => {
  const { sections, reporter } = lab
  const { run } = flags
  if (sections.prompts !== null) checkPromptNames(sections.prompts, reporter)
  const variants = buildVariants(material.prompts, { hashOf: material.hashOf, reporter })
  const running = selectVariants(variants, run.variants, reporter)
  const models =
    sections.models === null ? null : selectModels(buildModels(sections.models, reporter), run.models, reporter)
  const modelIds = sections.models?.map((entry) => (typeof entry === 'string' ? entry : entry.id)) ?? null
  const cases = loadCases(lab, material, flags)
  const evaluators = loadEvaluators(lab, cases, modelIds)
  if (cases !== null && cases.length > 0) {
    const pathOf = (variant: { readonly name: string }): Path => {
      const found = material.prompts.find((prompt) => promptName(prompt.entry) === variant.name)
      return found === undefined ? ['prompts'] : ['prompts', found.index]
    }
    checkTemplates({ variants: running, cases, casesFile: material.casesFile ?? lab.file, pathOf }, reporter)
  }
  const baseline = chooseBaseline(
    lab,
    running.map((variant) => variant.name),
    flags,
  )
  if (sections.evolve !== null) {
    const prompts = sections.prompts?.map(promptName) ?? null
    checkEvolve(sections.evolve, { prompts, models: modelIds, columns: material.rows?.columns ?? null }, reporter)
  }
  const constraints = sections.constraints === null ? [] : buildConstraints(sections.constraints, reporter)
  const gates = sections.gates === null ? null : buildGates(sections.gates, reporter)
  const { name, seed, repetitions, cache, objectives, analysis, budget, concurrency, interleaveModels } = sections
  if (name === null || seed === null || repetitions === null || cache === null || objectives === null) return null
  if (analysis === null || budget === null || concurrency === null || interleaveModels === null) return null
  if (gates === null || models === null || cases === null) return null
  const testCases = cases.map((located) => located.testCase)
  const clustered = testCases.some((testCase) => testCase.cluster !== null)
  return {
    snapshot: {
      project: name,
      seed: run.seed ?? seed,
      variants: running,
      cases: testCases,
      models,
      evaluators,
      baseline,
      repetitions,
      cache: run.cache === false ? 'off' : cache,
      objectives: buildObjectives(objectives),
      constraints,
      gates,
      analysis: planWith(buildPlan(analysis, clustered), flags.analysis),
      budget: budgetWith(budget, run),
      concurrency: run.concurrency ?? concurrency,
      interleaveModels,
    },
    evolve: sections.evolve,
  }
}
