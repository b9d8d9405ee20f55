import { lazy } from 'react'
import { navigate } from '../../routing/route.ts'
import type { Screen } from '../../routing/screen.ts'
import { sections } from './sections.ts'

const path = '/settings'

export const screen: Screen = {
  id: 'settings',
  label: 'Settings',
  icon: 'settings',
  path,
  order: 90,
  rail: 'lab',
  component: lazy(() => import('./settings.tsx')),
  commands: sections.map(({ id, label }) => ({
    id: `settings.${id}`,
    category: 'Settings',
    label,
    run: () => navigate(`${path}?section=${id}`),
  })),
}
