import { buildPath, navigate } from '../routing/route.ts'
import { useShortcut } from '../shortcuts/use-shortcut.ts'
import { useRouteProject } from '../state/project.ts'
import { useShellState } from '../state/shell.ts'
import { useUndo } from '../state/undo.ts'

/** The keys that work on every screen. Those of a screen are bound by the screen, over these. */
export const GlobalKeys = () => {
  const project = useRouteProject()
  const { undo, redo } = useUndo(project)
  const set = useShellState((state) => state.set)
  useShortcut('palette', () => set({ palette: 'objects' }))
  useShortcut('commands', () => set({ palette: 'commands' }))
  useShortcut('shortcuts', () => set({ shortcutSheet: true }))
  useShortcut('settings', () => navigate(buildPath('/settings', {}) ?? '/'))
  useShortcut('undo', undo, project !== null)
  useShortcut('redo', redo, project !== null)
  return null
}
