import { Modal } from '@mantine/core'
import { Keys } from '../components/keys.tsx'
import { shortcutIds, shortcutTable } from '../shortcuts/table.ts'
import { usePreferences } from '../state/preferences.ts'
import { useShellState } from '../state/shell.ts'
import classes from './shortcut-sheet.module.css'

const groups = [...new Set(shortcutIds.map((id) => shortcutTable[id].group))]

export const ShortcutSheet = () => {
  const opened = useShellState((state) => state.shortcutSheet)
  const set = useShellState((state) => state.set)
  const letters = usePreferences((state) => state.singleLetters)
  return (
    <Modal opened={opened} onClose={() => set({ shortcutSheet: false })} title="Keyboard shortcuts" size="xl">
      {letters ? null : <p className={classes.note}>Single-letter keys are switched off in the settings.</p>}
      <div className={classes.groups}>
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            <dl>
              {shortcutIds
                .filter((id) => shortcutTable[id].group === group)
                .map((id) => (
                  <div key={id}>
                    <dt>{shortcutTable[id].label}</dt>
                    <dd>
                      <Keys of={id} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  )
}
