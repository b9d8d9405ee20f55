import { LabError } from '../../../src-core/domain/errors.ts'
import type { PromptVariant } from '../../../src-core/domain/prompt.ts'
import type { DraftPatch } from '../../workspace/app-host.ts'
import type { Done } from '../../workspace/types.ts'
import type { WriteContext } from '../writes/context.ts'
import type { DraftContent, PromptContent } from './changes.ts'
import type { CommandLog } from './command-log.ts'

type Row = { readonly id: number; readonly position: number; readonly updated_at: number; readonly draft: string }

export const promptWrites = (
  { db, now }: WriteContext,
  log: CommandLog,
  register: (project: string, variant: Omit<PromptVariant, 'version'>) => PromptVariant,
) => {
  const one = db.prepare<[number, number], Row>(
    'SELECT id, position, updated_at, draft FROM workspace_prompts WHERE id = ? AND project = ?',
  )
  const all = db.prepare<[number], Row>(
    'SELECT id, position, updated_at, draft FROM workspace_prompts WHERE project = ? ORDER BY position, id',
  )
  const named = db
    .prepare<[number, string, number], number>(
      'SELECT id FROM workspace_prompts WHERE project = ? AND name = ? AND id <> ?',
    )
    .pluck()
  const projectName = db.prepare<[number], string>('SELECT name FROM projects WHERE id = ?').pluck()
  const versionOf = db.prepare<[number, string, number], { label: string; committed_at: number }>(
    'SELECT label, committed_at FROM workspace_versions WHERE prompt = ? AND name = ? AND version = ?',
  )

  const contentOf = (row: Row): PromptContent => ({
    position: row.position,
    updatedAt: row.updated_at,
    draft: JSON.parse(row.draft) as DraftContent,
  })
  const find = (project: number, prompt: number): PromptContent => {
    const row = one.get(prompt, project)
    if (row === undefined) throw new LabError('not-found', 'There is no such prompt; it was deleted meanwhile.')
    return contentOf(row)
  }
  const checkName = (project: number, name: string, own: number) => {
    if (/[@,]/.test(name))
      throw new LabError(
        'usage',
        'A prompt\'s name cannot contain "@" or ",", which mean something on the command line.',
      )
    if (named.get(project, name, own) !== undefined)
      throw new LabError('usage', `There is a prompt "${name}" already; names are unique in a project.`)
  }
  const patched = (draft: DraftContent, patch: DraftPatch): DraftContent => ({
    name: patch.name ?? draft.name,
    template: patch.template ?? draft.template,
    description: patch.description ?? draft.description,
    tags: patch.tags ?? draft.tags,
    active: patch.active ?? draft.active,
    isDefault: patch.isDefault ?? draft.isDefault,
  })
  const blank: DraftContent = {
    name: '',
    template: { kind: 'text', text: '' },
    description: '',
    tags: [],
    active: true,
    isDefault: false,
  }

  return {
    createPrompt: (
      project: number,
      { after, ...patch }: DraftPatch & { readonly name: string; readonly after: number | null },
    ): Done & { readonly id: number } => {
      checkName(project, patch.name, 0)
      const rows = all.all(project)
      const index = after === null ? rows.length - 1 : rows.findIndex(({ id }) => id === after)
      const low = rows[index]?.position ?? 0
      const high = rows[index + 1]?.position ?? low + 2048
      const { done, id } = log.run(project, { label: `New prompt "${patch.name}"` }, (tx) => ({
        id: tx.addPrompt({ position: (low + high) / 2, updatedAt: now(), draft: patched(blank, patch) }),
      }))
      return { ...done, id }
    },

    saveDraft: (project: number, prompt: number, patch: DraftPatch, gesture: string | null): Done => {
      const before = find(project, prompt)
      const draft = patched(before.draft, patch)
      if (draft.name !== before.draft.name) checkName(project, draft.name, prompt)
      const label =
        draft.name === before.draft.name
          ? `Edit of prompt "${draft.name}"`
          : `New name "${draft.name}" for prompt "${before.draft.name}"`
      return log.run(
        project,
        { label, gesture: gesture ?? `draft:${prompt}:${Object.keys(patch).sort().join(',')}` },
        (tx) => {
          if (JSON.stringify(draft) !== JSON.stringify(before.draft))
            tx.change(['prompt', prompt, before, { ...before, updatedAt: now(), draft }])
          return {}
        },
      ).done
    },

    removePrompt: (project: number, prompt: number): Done => {
      const before = find(project, prompt)
      return log.run(project, { label: `Deletion of prompt "${before.draft.name}"` }, (tx) => {
        tx.change(['prompt', prompt, before, null])
        return {}
      }).done
    },

    reorderPrompts: (project: number, order: readonly number[]): Done => {
      const rows = all.all(project)
      const sorted = [
        ...order.flatMap((id) => rows.filter((row) => row.id === id)),
        ...rows.filter(({ id }) => !order.includes(id)),
      ]
      return log.run(project, { label: 'Order of prompts' }, (tx) => {
        for (const [index, row] of sorted.entries()) {
          const before = contentOf(row)
          const position = (index + 1) * 1024
          if (sorted[index]?.id !== rows[index]?.id || before.position !== position)
            tx.change(['prompt', row.id, before, { ...before, position }])
        }
        return {}
      }).done
    },

    /** Stores the draft as an immutable version and names it; undo takes the name back, the content stays in the library. */
    commitVersion: (
      project: number,
      prompt: number,
      label: string,
      variant: Omit<PromptVariant, 'version'>,
    ): Done & { readonly version: number } => {
      const stored = register(projectName.get(project) ?? '', variant)
      const known = versionOf.get(prompt, stored.name, stored.version)
      const before = known === undefined ? null : { label: known.label, at: known.committed_at }
      const { done } = log.run(project, { label: `Version ${stored.version} of prompt "${stored.name}"` }, (tx) => {
        if (before?.label !== label)
          tx.change(['version', prompt, stored.name, stored.version, before, { label, at: now() }])
        return {}
      })
      return { ...done, version: stored.version }
    },
  }
}
