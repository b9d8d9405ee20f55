import { lazy } from 'react'
import type { Screen } from '../../routing/screen.ts'

export const screen: Screen = {
  id: 'report',
  label: 'Report',
  icon: 'chart',
  path: '/p/:project/report/:experiment',
  order: 63,
  rail: 'none',
  under: 'experiments',
  component: lazy(() => import('./report.tsx')),
}
