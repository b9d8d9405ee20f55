import { lazy } from 'react'
import type { Screen } from '../../routing/screen.ts'
import { cellParam } from '../../run/address.ts'

export const screen: Screen = {
  id: 'response',
  label: 'Response',
  icon: 'eye',
  path: '/p/:project/response/:experiment/:number',
  order: 64,
  rail: 'none',
  under: 'experiments',
  component: lazy(() => import('./response-page.tsx')),
  beside: { param: cellParam, component: lazy(() => import('./response-inspector.tsx')) },
}
