import { lazy } from 'react'
import type { Screen } from '../../routing/screen.ts'

export const screen: Screen = {
  id: 'projects',
  label: 'Projects',
  icon: 'folder',
  path: '/projects',
  order: 10,
  rail: 'lab',
  component: lazy(() => import('./projects.tsx')),
}
