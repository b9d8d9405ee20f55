import { type QueryClient, type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query'
import { create } from 'zustand'
import type { Done } from '../../src-main/workspace/types.ts'
import { tellError } from './errors.ts'
import { type LabClient, useLab } from './lab.tsx'
import { showToast } from './toasts.ts'

type UndoStatus = {
  /** Labels of the next step each way, by project. */
  readonly byProject: Readonly<Record<number, { readonly undo: string | null; readonly redo: string | null }>>
  readonly report: (project: number, done: Pick<Done, 'undo' | 'redo'>) => void
}

export const useUndoStatus = create<UndoStatus>()((set) => ({
  byProject: {},
  report: (project, { undo, redo }) =>
    set((state) => ({ byProject: { ...state.byProject, [project]: { undo, redo } } })),
}))

/** Screens that show what a command touched ask again; cards count prompts, cases and bytes, so they follow every command. */
export const settleDone = async (queries: QueryClient, project: number, done: Done): Promise<void> => {
  useUndoStatus.getState().report(project, done)
  await Promise.all([
    ...done.touched.map((area) => queries.invalidateQueries({ queryKey: [area, project] })),
    queries.invalidateQueries({ queryKey: ['projects'] }),
    queries.invalidateQueries({ queryKey: ['history', project] }),
  ])
}

/**
 * A change a person makes: one entry of the project's command log, undone by Ctrl+Z anywhere. `undoable` shows a toast with
 * an Undo button (use it for deletions, which are never confirmed first).
 */
export const useChange = <Input, Output extends Done>(
  project: number,
  change: (lab: LabClient, input: Input) => Promise<Output>,
  options: {
    readonly undoable?: (output: Output, input: Input) => string
    readonly onDone?: (output: Output, input: Input) => void
    readonly onError?: (error: unknown) => void
  } = {},
): UseMutationResult<Output, Error, Input> => {
  const lab = useLab()
  const queries = useQueryClient()
  const { undo } = useUndo(project)
  return useMutation<Output, Error, Input>({
    mutationFn: (input) => change(lab, input),
    onSuccess: async (output, input) => {
      options.onDone?.(output, input)
      await settleDone(queries, project, output)
      const text = options.undoable?.(output, input)
      if (text !== undefined) showToast({ kind: 'done', text, action: { label: 'Undo', run: () => undo() } })
    },
    onError: (error) => {
      if (options.onError === undefined) showToast({ kind: 'problem', text: tellError(error).what })
      else options.onError(error)
    },
  })
}

/** Steps queue up in the order of the key presses: a second Ctrl+Z never overtakes the first. */
let lastStep: Promise<void> = Promise.resolve()

export const useUndo = (project: number | null): { readonly undo: () => void; readonly redo: () => void } => {
  const lab = useLab()
  const queries = useQueryClient()
  const step = (way: 'undo' | 'redo'): void => {
    if (project === null) return
    lastStep = lastStep.then(async () => {
      try {
        const done = await lab.projects[way].mutate({ project })
        await settleDone(queries, project, done)
        const verb = way === 'undo' ? 'Undone' : 'Redone'
        showToast({ kind: 'note', text: done.label === null ? `Nothing to ${way}` : `${verb}: ${done.label}` })
      } catch (error) {
        showToast({ kind: 'problem', text: tellError(error).what })
      }
    })
  }
  return { undo: () => step('undo'), redo: () => step('redo') }
}
