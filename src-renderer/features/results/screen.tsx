import { lazy } from 'react'
import type { Screen } from '../../routing/screen.ts'

export const screen: Screen = {
  id: 'results',
  label: 'Results',
  icon: 'grid',
  path: '/p/:project/results/:experiment',
  order: 61,
  rail: 'none',
  under: 'experiments',
  shows: ['experiment'],
  component: lazy(() => import('./results.tsx')),
}
