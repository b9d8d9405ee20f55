import { lazy } from 'react'
import { navigate } from '../../routing/route.ts'
import type { Screen } from '../../routing/screen.ts'

const path = '/welcome'

export const screen: Screen = {
  id: 'first-run',
  label: 'Welcome',
  icon: 'spark',
  path,
  order: 5,
  rail: 'none',
  under: 'projects',
  component: lazy(() => import('./first-run.tsx')),
  commands: [{ id: 'welcome', category: 'Help', label: 'Welcome and samples', run: () => navigate(path) }],
}
