import { useQueryClient } from '@tanstack/react-query'
import type { ProjectCard } from '../../../src-main/workspace/types.ts'
import { saveTextFile } from '../../components/file-drop.tsx'
import { tellError } from '../../state/errors.ts'
import { useLab } from '../../state/lab.tsx'
import { showToast } from '../../state/toasts.ts'
import { settleDone, useUndo } from '../../state/undo.ts'

type Actions = {
  readonly rename: (name: string) => void
  readonly duplicate: () => void
  readonly exportLab: () => void
  readonly trash: () => void
  readonly restore: () => void
}

export const useProjectActions = (card: ProjectCard): Actions => {
  const lab = useLab()
  const queries = useQueryClient()
  const { undo } = useUndo(card.id)
  const project = card.id
  /** Every action ends in the list being asked again, and says so when it failed. */
  const run = (act: () => Promise<void>): void => {
    act()
      .catch((error: unknown) => showToast({ kind: 'problem', text: tellError(error).what }))
      .finally(() => void queries.invalidateQueries({ queryKey: ['projects'] }))
  }
  const restore = (): void =>
    run(async () => {
      await lab.projects.restore.mutate({ project })
      await queries.invalidateQueries({ queryKey: ['projects'] })
      showToast({ kind: 'done', text: `${card.name} is back` })
    })
  return {
    rename: (name) =>
      run(async () => {
        await settleDone(queries, project, await lab.projects.rename.mutate({ project, name }))
        showToast({ kind: 'done', text: `Renamed to ${name}`, action: { label: 'Undo', run: undo } })
      }),
    duplicate: () =>
      run(async () => {
        const copy = await lab.projects.duplicate.mutate({ project, name: `${card.name} (copy)` })
        showToast({ kind: 'done', text: `Duplicated as ${copy.name}` })
      }),
    exportLab: () =>
      run(async () => {
        const { files, warnings } = await lab.projects.exportLab.query({ project })
        for (const file of files) saveTextFile(file)
        const note = warnings.length === 0 ? '' : `; ${warnings.join('; ')}`
        showToast({
          kind: warnings.length === 0 ? 'done' : 'note',
          text: `Exported ${files.map(({ name }) => name).join(', ')}${note}`,
        })
      }),
    trash: () =>
      run(async () => {
        await lab.projects.trash.mutate({ project })
        showToast({
          kind: 'done',
          text: `${card.name} is in the trash for 30 days`,
          action: { label: 'Undo', run: restore },
        })
      }),
    restore,
  }
}
