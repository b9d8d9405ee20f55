import { Radio } from '@mantine/core'
import { Section } from '../../components/page.tsx'
import { type ColourScheme, usePreferences } from '../../state/preferences.ts'
import classes from './settings.module.css'

const schemes: readonly { readonly value: ColourScheme; readonly label: string; readonly description: string }[] = [
  { value: 'system', label: 'As the system', description: 'Follows the system’s setting, also while the lab is open.' },
  { value: 'light', label: 'Light', description: 'Dark text on light ground.' },
  { value: 'dark', label: 'Dark', description: 'Light text on dark ground.' },
]

export const Appearance = () => {
  const scheme = usePreferences((state) => state.scheme)
  const set = usePreferences((state) => state.set)
  return (
    <Section title="Appearance">
      <Radio.Group
        label="Colours"
        value={scheme}
        onChange={(value) => {
          const chosen = schemes.find((one) => one.value === value)
          if (chosen !== undefined) set({ scheme: chosen.value })
        }}
      >
        <div className={classes.stack}>
          {schemes.map(({ value, label, description }) => (
            <Radio key={value} value={value} label={label} description={description} />
          ))}
        </div>
      </Radio.Group>
    </Section>
  )
}
