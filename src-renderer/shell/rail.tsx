import { Tooltip } from '@mantine/core'
import { Icon } from '../components/icon.tsx'
import { screens } from '../features/index.ts'
import { buildPath } from '../routing/route.ts'
import type { Screen } from '../routing/screen.ts'
import { useLastProject, useRouteProject } from '../state/project.ts'
import classes from './rail.module.css'

/** Only what works is shown: screens that need a project appear once one is open. */
export const Rail = (props: { readonly current: Screen | null }) => {
  const routed = useRouteProject()
  const last = useLastProject((state) => state.id)
  const project = routed ?? last
  const lit = props.current?.under ?? props.current?.id
  const entries = screens.flatMap((screen) => {
    if (screen.rail === 'none') return []
    const to = buildPath(screen.path, project === null ? {} : { project: String(project) })
    return to === null ? [] : [{ screen, to }]
  })
  return (
    <nav className={classes.rail} aria-label="Main">
      <ul>
        {entries.map(({ screen, to }) => (
          <li key={screen.id} data-last={screen.order >= 90 || undefined}>
            <Tooltip label={screen.label} position="right" openDelay={600}>
              <a href={`#${to}`} className={classes.link} aria-current={screen.id === lit ? 'page' : undefined}>
                <Icon name={screen.icon} />
                <span>{screen.label}</span>
              </a>
            </Tooltip>
          </li>
        ))}
      </ul>
    </nav>
  )
}
