import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { screens } from '../features/index.ts'
import { addressOf, projectHome } from '../routing/address.ts'
import { buildPath, navigate } from '../routing/route.ts'
import { useCommandRegistry } from '../shortcuts/commands.ts'
import { useLab } from '../state/lab.tsx'
import { useLastProject, useRouteProject } from '../state/project.ts'
import { useShellState } from '../state/shell.ts'
import { useUndo, useUndoStatus } from '../state/undo.ts'
import type { PaletteEntry } from './palette.tsx'

const screenEntries = (project: number | null): readonly PaletteEntry[] =>
  screens.flatMap((screen) => {
    const to = buildPath(screen.path, project === null ? {} : { project: String(project) })
    return to === null ? [] : [{ id: `go:${screen.id}`, category: 'Go', label: screen.label, run: () => navigate(to) }]
  })

const useOpenProject = (): number | null => {
  const routed = useRouteProject()
  const last = useLastProject((state) => state.id)
  return routed ?? last
}

/** Every command: the shell's, each screen's own, and those of the open screen. */
export const useAllCommands = (): readonly PaletteEntry[] => {
  const project = useOpenProject()
  const routed = useRouteProject()
  const registered = useCommandRegistry((state) => state.commands)
  const status = useUndoStatus((state) => (routed === null ? undefined : state.byProject[routed]))
  const { undo, redo } = useUndo(routed)
  const set = useShellState((state) => state.set)
  return useMemo(() => {
    const steps: PaletteEntry[] = []
    if (routed !== null) {
      const named = (word: string, label: string | null | undefined): string =>
        label == null ? word : `${word} ${label}`
      steps.push({ id: 'undo', category: 'Edit', label: named('Undo', status?.undo), shortcut: 'undo', run: undo })
      steps.push({ id: 'redo', category: 'Edit', label: named('Redo', status?.redo), shortcut: 'redo', run: redo })
    }
    return [
      ...[...registered.values()].flat(),
      ...screens.flatMap((screen) => screen.commands ?? []),
      ...steps,
      {
        id: 'objects',
        category: 'Go',
        label: 'To object',
        shortcut: 'palette',
        run: () => set({ palette: 'objects' }),
      },
      {
        id: 'sheet',
        category: 'Help',
        label: 'Keyboard shortcuts',
        shortcut: 'shortcuts',
        run: () => set({ shortcutSheet: true }),
      },
      ...screenEntries(project),
    ]
    // Undo and redo close over the project only.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [registered, project, routed, status, set])
}

const kinds = { project: 'Project', prompt: 'Prompt', case: 'Case', model: 'Model', experiment: 'Run' } as const

/** Objects: what open screens offer, what the host finds, and the screens themselves. */
export const useAllTargets = (text: string): readonly PaletteEntry[] => {
  const lab = useLab()
  const project = useOpenProject()
  const registered = useCommandRegistry((state) => state.targets)
  const [asked] = useDebouncedValue(text.trim(), 40)
  const { data: found } = useQuery({
    queryKey: ['search', project, asked],
    queryFn: ({ signal }) => lab.app.search.query({ text: asked, project, limit: 50 }, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 2_000,
  })
  return useMemo(() => {
    const offered = [...registered.values()]
      .flat()
      .map(({ kind, ...target }): PaletteEntry => ({ ...target, category: kind }))
    const seen = new Set(offered.map((entry) => entry.id))
    const fromHost = (found ?? []).flatMap((item): readonly PaletteEntry[] => {
      const id = `${item.kind}:${item.id}`
      const to = item.kind === 'project' ? projectHome(Number(item.id)) : addressOf(item.kind, item.id, item.project)
      if (to === null || seen.has(id)) return []
      return [{ id, category: kinds[item.kind], label: item.title, detail: item.detail, run: () => navigate(to) }]
    })
    return [...offered, ...fromHost, ...screenEntries(project)]
  }, [registered, found, project])
}
