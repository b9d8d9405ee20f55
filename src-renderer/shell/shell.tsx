import { Suspense, useEffect, useMemo } from 'react'
import { EmptyState } from '../components/empty-state.tsx'
import { Skeleton } from '../components/skeleton.tsx'
import { screens } from '../features/index.ts'
import { ParamsProvider } from '../routing/params.tsx'
import { matchPath, navigate, useLocation } from '../routing/route.ts'
import { useLastProject, useRouteProject } from '../state/project.ts'
import { useSettingsSync } from '../state/settings-sync.ts'
import { useShellState } from '../state/shell.ts'
import { FailureBoundary } from './failure-boundary.tsx'
import { GlobalKeys } from './global-keys.tsx'
import { Palette } from './palette.tsx'
import { Rail } from './rail.tsx'
import classes from './shell.module.css'
import { ShortcutSheet } from './shortcut-sheet.tsx'
import { Start } from './start.tsx'
import { StatusBar } from './status-bar.tsx'
import { TabStrip } from './tab-strip.tsx'
import { ToastList } from './toast-list.tsx'

/** The screen of an address: the first whose pattern matches; patterns with fewer parameters win over those with more. */
const screenAt = (path: string) => {
  const ranked = screens.toSorted((a, b) => a.path.split(':').length - b.path.split(':').length)
  for (const screen of ranked) {
    const params = matchPath(screen.path, path)
    if (params !== null) return { screen, params }
  }
  return null
}

export const Shell = () => {
  useSettingsSync()
  const { path, query } = useLocation()
  const found = useMemo(() => screenAt(path), [path])
  const project = useRouteProject()
  const inspectorOpen = useShellState((state) => state.inspectorOpen)
  const setShell = useShellState((state) => state.set)
  useEffect(() => {
    if (project !== null) useLastProject.getState().set(project)
  }, [project])
  useEffect(() => {
    document.title = found === null ? 'Prompt Lab' : `${found.screen.label} · Prompt Lab`
  }, [found])
  const Component = found?.screen.component
  return (
    <div className={classes.shell} data-inspector={inspectorOpen || undefined}>
      <a className={classes.skip} href="#main" onClick={skipToMain}>
        Skip to the content
      </a>
      <Rail current={found?.screen ?? null} />
      <TabStrip />
      <main className={classes.main} id="main" tabIndex={-1}>
        {path === '/' ? (
          <FailureBoundary>
            <Start />
          </FailureBoundary>
        ) : Component === undefined || found === null ? (
          <EmptyState
            icon="search"
            sentence="There is nothing at this address."
            action={{ label: 'Go to the projects', run: () => navigate('/projects') }}
          />
        ) : (
          <FailureBoundary key={found.screen.id}>
            <ParamsProvider value={found.params}>
              <Suspense fallback={<Skeleton shape="lines" />}>
                <Component />
              </Suspense>
              {screens.map(({ id, beside }) =>
                beside === undefined || !query.has(beside.param) ? null : (
                  <Suspense key={id} fallback={null}>
                    <beside.component />
                  </Suspense>
                ),
              )}
            </ParamsProvider>
          </FailureBoundary>
        )}
      </main>
      <aside
        className={classes.inspector}
        aria-label="Inspector"
        hidden={!inspectorOpen}
        ref={(element) => {
          if (useShellState.getState().inspectorSlot !== element) setShell({ inspectorSlot: element })
        }}
      />
      <StatusBar />
      <Palette />
      <ShortcutSheet />
      <ToastList />
      <GlobalKeys />
    </div>
  )
}

const skipToMain = (event: { preventDefault: () => void }): void => {
  event.preventDefault()
  document.getElementById('main')?.focus()
}
