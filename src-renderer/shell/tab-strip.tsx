import { Icon } from '../components/icon.tsx'
import { navigate, useLocation } from '../routing/route.ts'
import { useTabs } from '../state/tabs.ts'
import classes from './tab-strip.module.css'

/** Things opened in this window. Links, not ARIA tabs: each leads to an address of its own. */
export const TabStrip = () => {
  const { tabs, close } = useTabs()
  const { path } = useLocation()
  if (tabs.length === 0) return null
  const shut = (closed: string): void => {
    const at = tabs.findIndex((tab) => tab.path === closed)
    const neighbour = tabs[at + 1] ?? tabs[at - 1]
    close(closed)
    if (closed === path) navigate(neighbour?.path ?? '/projects')
  }
  return (
    <nav className={classes.strip} aria-label="Open">
      <ul>
        {tabs.map((tab) => (
          <li key={tab.path} data-current={tab.path === path || undefined}>
            <a
              href={`#${tab.path}`}
              aria-current={tab.path === path ? 'page' : undefined}
              title={`${tab.kind}: ${tab.title}`}
            >
              <span className={classes.kind}>{tab.kind}</span> {tab.title}
            </a>
            <button type="button" aria-label={`Close ${tab.kind} ${tab.title}`} onClick={() => shut(tab.path)}>
              <Icon name="close" size="small" />
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}
