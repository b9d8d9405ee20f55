import { lazy } from 'react'
import { navigate } from '../../routing/route.ts'
import type { Screen } from '../../routing/screen.ts'

const path = '/projects'

export const screen: Screen = {
  id: 'projects',
  label: 'Projects',
  icon: 'folder',
  path,
  order: 10,
  rail: 'lab',
  component: lazy(() => import('./projects.tsx')),
  commands: [
    { id: 'project.new', category: 'Project', label: 'New', run: () => navigate(`${path}?do=new`) },
    { id: 'project.import', category: 'Project', label: 'Import a lab file', run: () => navigate(`${path}?do=import`) },
    { id: 'project.trash', category: 'Project', label: 'Show the trash', run: () => navigate(`${path}?show=trash`) },
  ],
}
