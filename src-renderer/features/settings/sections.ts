import type { IconName } from '../../components/icon.tsx'

export const sections = [
  { id: 'keys', label: 'Keys', icon: 'key' },
  { id: 'services', label: 'Services and hosts', icon: 'model' },
  { id: 'prices', label: 'Prices', icon: 'chart' },
  { id: 'appearance', label: 'Appearance', icon: 'eye' },
  { id: 'shortcuts', label: 'Shortcuts', icon: 'bolt' },
  { id: 'privacy', label: 'Privacy', icon: 'shield' },
  { id: 'data', label: 'Data', icon: 'database' },
  { id: 'network', label: 'Network log', icon: 'network' },
] as const satisfies readonly { readonly id: string; readonly label: string; readonly icon: IconName }[]

export type SectionId = (typeof sections)[number]['id']
