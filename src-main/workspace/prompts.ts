import { LabError } from '../../src-core/domain/errors.ts'
import type { JsonValue } from '../../src-core/domain/json.ts'
import type { ModelReference, TokenPrice } from '../../src-core/domain/model.ts'
import type { PromptTemplate } from '../../src-core/domain/prompt.ts'
import { exporters, findExporter } from '../../src-core/formats/exporters.ts'
import { nearest } from '../../src-core/lab/suggest.ts'
import { renderMessages } from '../../src-core/template/render.ts'
import { findVariables } from '../../src-core/template/variables.ts'
import { labVersion } from '../package-root.ts'
import { hashOf } from '../services/identity.ts'
import type { LabStore } from '../store/open-store.ts'
import type { PromptRead } from '../store/workspace/project-reads.ts'
import type { PromptsService } from './app-host.ts'
import type { PromptDraft, PromptVersion } from './types.ts'

type Dependencies = { readonly store: LabStore; readonly priceOf: (model: ModelReference) => TokenPrice | null }
type Stored = Awaited<ReturnType<typeof versionsOf>>[number]

/** The same rule of thumb as the plan: characters per token of ordinary prose and code. */
const charactersPerToken = 4
const templateLength = (template: PromptTemplate): number =>
  template.kind === 'text'
    ? template.text.length
    : template.messages.reduce((sum, { content }) => sum + content.length, 0)
const tokensOf = (characters: number): number => Math.ceil(characters / charactersPerToken)

const versionsOf = ({ workspace }: LabStore, project: number) => workspace.read('versions', project)

export const createPromptsService = ({ store, priceOf }: Dependencies): PromptsService => {
  const { workspace } = store

  const toDraft = ({ id, draft, updatedAt }: PromptRead, stored: readonly Stored[]): PromptDraft => {
    const hash = hashOf(draft.template)
    return {
      id,
      ...draft,
      variables: findVariables(draft.template),
      updatedAt,
      version: stored.find((version) => version.name === draft.name && version.hash === hash)?.version ?? null,
    }
  }
  const toVersion = (version: Stored, prompt: number): PromptVersion => ({
    name: version.name,
    version: version.version,
    hash: version.hash,
    label: version.prompt === prompt ? version.label : null,
    committedAt: version.prompt === prompt ? version.committedAt : null,
    createdBy: version.createdBy,
    variables: version.variables,
    template: version.template,
    estimatedTokens: tokensOf(templateLength(version.template)),
  })
  const list = async (project: number): Promise<readonly PromptDraft[]> => {
    const [drafts, stored] = await Promise.all([workspace.read('prompts', project), versionsOf(store, project)])
    return drafts.map((draft) => toDraft(draft, stored))
  }
  const get = async (project: number, prompt: number): Promise<PromptDraft> => {
    const found = (await list(project)).find(({ id }) => id === prompt)
    if (found === undefined) throw new LabError('not-found', 'There is no such prompt; it was deleted meanwhile.')
    return found
  }
  /** Versions under its name, and those a person committed while it had another. */
  const versions = async (project: number, prompt: number): Promise<readonly PromptVersion[]> => {
    const [{ name }, stored] = await Promise.all([get(project, prompt), versionsOf(store, project)])
    return stored
      .filter((version) => version.name === name || version.prompt === prompt)
      .map((version) => toVersion(version, prompt))
      .sort((a, b) => (a.name === b.name ? b.version - a.version : a.name === name ? -1 : 1))
  }
  const toVariant = (draft: PromptDraft) => ({
    name: draft.name,
    hash: hashOf(draft.template),
    template: draft.template,
    variables: draft.variables,
    description: draft.description,
    tags: draft.tags,
    active: draft.active,
    isDefault: draft.isDefault,
    parents: [],
    createdBy: 'person' as const,
  })

  return {
    list,
    get,
    create: (project, draft) => workspace.write('createPrompt', project, draft),
    saveDraft: async (project, prompt, patch, gesture) => {
      const done = await workspace.write('saveDraft', project, prompt, patch, gesture)
      return { ...done, draft: await get(project, prompt) }
    },
    remove: (project, prompt) => workspace.write('removePrompt', project, prompt),
    reorder: (project, order) => workspace.write('reorderPrompts', project, order),
    commitVersion: async (project, prompt, label) => {
      const draft = await get(project, prompt)
      const { version, ...done } = await workspace.write('commitVersion', project, prompt, label, toVariant(draft))
      const found = (await versions(project, prompt)).find(
        (each) => each.name === draft.name && each.version === version,
      )
      if (found === undefined) throw new LabError('internal', 'The version was stored and cannot be found.')
      return { ...done, version: found }
    },
    versions,
    version: async (project, prompt, version) => {
      const { name } = await get(project, prompt)
      const found = (await versions(project, prompt)).find((each) => each.name === name && each.version === version)
      if (found === undefined) throw new LabError('not-found', `There is no version ${version} of "${name}".`)
      return found
    },

    preview: async ({ project, template, case: wanted }) => {
      const id = wanted ?? (await workspace.read('firstCase', project))
      const [columns, cells, models] = await Promise.all([
        workspace.read('columns', project),
        id === null ? null : workspace.read('case', id),
        workspace.read('modelsOf', project, {}, null),
      ])
      const known = columns.filter(({ reserved }) => !reserved).map(({ name }) => name)
      const names = findVariables(template)
      const unknown = names
        .filter((name) => !known.includes(name))
        .map((name) => ({ name, suggestion: nearest(name, known) }))
      const inputs: Record<string, JsonValue> = {}
      for (const { key, name, reserved } of columns) {
        const value = reserved ? undefined : cells?.[key]
        if (value !== undefined) inputs[name] = value
      }
      const rendered = renderMessages(template, inputs)
      const messages = 'messages' in rendered ? rendered.messages : null
      const tokens = messages === null ? null : tokensOf(messages.reduce((sum, { content }) => sum + content.length, 0))
      const costs = models
        .filter(({ experiment }) => experiment)
        .map((model) => {
          const price = tokens === null ? null : priceOf(model)
          const input = price === null || tokens === null ? null : (tokens * price.inputPerMillion) / 1e6
          const most =
            input === null || price === null || model.parameters.maxTokens === null
              ? null
              : input + (model.parameters.maxTokens * price.outputPerMillion) / 1e6
          return { model: model.id, inputUsd: input, mostUsd: most }
        })
      const key = cells?.id
      return {
        messages,
        case:
          id === null || cells === null
            ? null
            : { id, key: typeof key === 'string' ? key : JSON.stringify(key ?? null) },
        unknown,
        missing: 'missing' in rendered ? rendered.missing : [],
        estimatedInputTokens: tokens,
        costs,
      }
    },

    export: async (project, prompt, format) => {
      const exporter = findExporter(format)
      if (exporter === null)
        throw new LabError('usage', `unknown format ${format}; known are ${exporters.map(({ id }) => id).join(', ')}`)
      const draft = await get(project, prompt)
      const text = exporter.export({ ...toVariant(draft), version: draft.version ?? 0 }, { labVersion: labVersion() })
      return {
        name: `${draft.name.replace(/[^\p{L}\p{N}._-]+/gu, '-')}.${format === 'markdown' ? 'md' : format === 'promptfoo' ? 'yaml' : format === 'manifest' ? 'json' : 'txt'}`,
        mime: 'text/plain',
        text,
      }
    },
  }
}
