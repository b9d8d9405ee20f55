import { lazy } from 'react'
import type { Screen } from '../../routing/screen.ts'

export const screen: Screen = {
  id: 'live',
  label: 'Run',
  icon: 'play',
  path: '/p/:project/live/:experiment',
  order: 60,
  rail: 'none',
  under: 'experiments',
  component: lazy(() => import('./live.tsx')),
}
