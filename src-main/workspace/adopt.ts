import type { ExperimentSnapshot } from '../../src-core/domain/experiment.ts'
import type { JsonValue } from '../../src-core/domain/json.ts'
import type { ModelReference } from '../../src-core/domain/model.ts'
import type { ProjectContent } from '../store/workspace/project-writes.ts'
import type { CellType } from './types.ts'

type Values = Record<string, JsonValue>

const present = (values: Readonly<Record<string, unknown>>): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined)) as Values

const priceOf = ({ price }: ModelReference): JsonValue | null =>
  price === null
    ? null
    : {
        inputPerMillion: price.inputPerMillion,
        outputPerMillion: price.outputPerMillion,
        ...present({ cachedInputPerMillion: price.cachedInputPerMillion }),
      }

/** A reference of a snapshot, back in the form of a lab file. */
const modelEntry = (model: ModelReference): Values => {
  const { parameters } = model
  return {
    id: model.id,
    provider: model.provider,
    model: model.model,
    ...present({
      temperature: parameters.temperature,
      topP: parameters.topP,
      seed: parameters.seed,
      maxTokens: parameters.maxTokens,
      stop: parameters.stop.length === 0 ? null : parameters.stop,
      responseFormat: parameters.responseFormat,
      baseUrl: model.baseUrl,
      apiKeyEnv: model.apiKeyEnv,
      headers: Object.keys(model.headers).length === 0 ? null : model.headers,
      price: priceOf(model),
      fallback: model.fallback.length === 0 ? null : model.fallback,
      experiment: model.experiment ? null : false,
      concurrency: model.concurrency,
      deterministic: model.deterministic ? true : null,
      exclusive: model.exclusive ? true : null,
    }),
    ...(model.options as Values),
  }
}

/** A project that was only ever run from the command line, from its newest run: to be looked at and worked on in the app. */
export const contentOfRun = (snapshot: ExperimentSnapshot): ProjectContent => {
  const cases = snapshot.cases.map(
    (testCase): Values => ({
      id: testCase.id,
      ...testCase.inputs,
      ...(testCase.expected.length === 0
        ? {}
        : {
            expected:
              testCase.expected.length === 1 && !Array.isArray(testCase.expected[0])
                ? (testCase.expected[0] ?? null)
                : testCase.expected,
          }),
      ...(testCase.tags.length === 0 ? {} : { tags: testCase.tags }),
      ...present({ split: testCase.split, minimumQuality: testCase.minimumQuality, cluster: testCase.cluster }),
      ...(testCase.weight === 1 ? {} : { weight: testCase.weight }),
    }),
  )
  const names = [...new Set(cases.flatMap((cells) => Object.keys(cells)))]
  const typeOf = (name: string): CellType =>
    cases.every((cells) => cells[name] === undefined || typeof cells[name] === 'string') ? 'text' : 'json'
  const evaluators = snapshot.evaluators.map(({ type, name, weight, threshold, negate, field, params }) => ({
    type,
    ...(name === type ? {} : { name }),
    ...(weight === 1 ? {} : { weight }),
    threshold,
    ...(negate ? { negate } : {}),
    ...(field === 'output' ? {} : { field }),
    ...params,
  }))
  return {
    name: snapshot.project,
    description: '',
    columns: names.map((name) => ({ name, type: typeOf(name) })),
    prompts: snapshot.variants.map(({ name, template, description, tags, active, isDefault }) => ({
      name,
      template,
      description,
      tags,
      active,
      isDefault,
    })),
    cases,
    setup: {
      seed: snapshot.seed,
      models: snapshot.models.map(modelEntry),
      evaluators,
      baseline: snapshot.baseline,
      repetitions: snapshot.repetitions,
      cache: snapshot.cache,
      objectives: Object.fromEntries(snapshot.objectives.map(({ metric, weight }) => [metric, { weight }])),
      constraints: Object.fromEntries(snapshot.constraints.map(({ metric, source }) => [metric, source])),
      analysis: present(snapshot.analysis),
      budget: present(snapshot.budget),
      concurrency: snapshot.concurrency,
    },
  }
}
