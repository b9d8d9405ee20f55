import { lazy } from 'react'
import type { Screen } from '../../routing/screen.ts'

export const screen: Screen = {
  id: 'compare',
  label: 'Compare',
  icon: 'compare',
  path: '/p/:project/compare/:experiment',
  order: 62,
  rail: 'none',
  under: 'experiments',
  component: lazy(() => import('./compare.tsx')),
}
