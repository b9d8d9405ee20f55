import type { ComponentType } from 'react'
import { Icon } from '../../components/icon.tsx'
import { Page } from '../../components/page.tsx'
import { useQueryParam } from '../../routing/route.ts'
import { Appearance } from './appearance.tsx'
import { Data } from './data.tsx'
import { Keys } from './keys.tsx'
import { Network } from './network.tsx'
import { Prices } from './prices.tsx'
import { Privacy } from './privacy.tsx'
import { type SectionId, sections } from './sections.ts'
import { Services } from './services.tsx'
import classes from './settings.module.css'
import { Shortcuts } from './shortcuts.tsx'

const parts: Readonly<Record<SectionId, ComponentType>> = {
  keys: Keys,
  services: Services,
  prices: Prices,
  appearance: Appearance,
  shortcuts: Shortcuts,
  privacy: Privacy,
  data: Data,
  network: Network,
}

const Settings = () => {
  const [wanted] = useQueryParam<SectionId>('section', 'keys')
  const section = sections.find(({ id }) => id === wanted) ?? sections[0]
  const Part = parts[section.id]
  return (
    <Page title="Settings">
      <div className={classes.layout}>
        <nav aria-label="Settings" className={classes.nav}>
          <ul>
            {sections.map(({ id, label, icon }) => (
              <li key={id}>
                <a href={`#/settings?section=${id}`} aria-current={id === section.id ? 'page' : undefined}>
                  <Icon name={icon} />
                  {label}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div className={classes.part}>
          <Part />
        </div>
      </div>
    </Page>
  )
}

export default Settings
