import { ActionIcon, Button, Switch } from '@mantine/core'
import { useState } from 'react'
import { Card } from '../../components/card.tsx'
import { Icon } from '../../components/icon.tsx'
import { KeyCaps } from '../../components/keys.tsx'
import { Section } from '../../components/page.tsx'
import { Badge } from '../../components/verdict-badge.tsx'
import { conflictsOf } from '../../shortcuts/conflicts.ts'
import { chordOf, keyNames } from '../../shortcuts/keys.ts'
import { type ShortcutId, shortcutIds, shortcutTable } from '../../shortcuts/table.ts'
import { onMac } from '../../shortcuts/use-shortcut.ts'
import { usePreferences } from '../../state/preferences.ts'
import classes from './settings.module.css'

/** Every shortcut with its keys; two that answer to one key at the same time are named. */
export const Shortcuts = () => {
  const { shortcuts, singleLetters, set } = usePreferences()
  const keysOf = (id: ShortcutId): string => shortcuts[id] ?? shortcutTable[id].keys
  const conflicts = conflictsOf(keysOf)
  const [recording, record] = useState<ShortcutId | null>(null)
  const change = (id: ShortcutId, keys: string | null): void => {
    const { [id]: _, ...rest } = shortcuts
    set({ shortcuts: keys === null || keys === shortcutTable[id].keys ? rest : { ...rest, [id]: keys } })
    record(null)
  }
  return (
    <Section
      title="Shortcuts"
      actions={
        <Button
          size="xs"
          variant="default"
          disabled={Object.keys(shortcuts).length === 0}
          onClick={() => set({ shortcuts: {} })}
        >
          Reset all
        </Button>
      }
    >
      <div className={classes.stack}>
        <Switch
          label="Single-letter keys"
          description="J, K, P, F, C, ? and the like. Switch them off when you use speech input."
          checked={singleLetters}
          onChange={(event) => set({ singleLetters: event.currentTarget.checked })}
        />
        <Card pad={false}>
          <ul className={classes.list}>
            {shortcutIds.map((id) => {
              const clash = conflicts.get(id) ?? []
              const { label, group } = shortcutTable[id]
              return (
                <li key={id} className={classes.item}>
                  <div>
                    {label} <span className={classes.meta}>{group}</span>
                  </div>
                  <div className={classes.aside}>
                    {clash.length === 0 ? null : (
                      <Badge
                        tone="warn"
                        icon="alert"
                        label={`same as ${clash.map((other) => shortcutTable[other].label).join(', ')}`}
                      />
                    )}
                    <Button
                      size="xs"
                      variant={recording === id ? 'filled' : 'default'}
                      className={classes.recording}
                      aria-pressed={recording === id}
                      onClick={() => record(recording === id ? null : id)}
                      onBlur={() => record(null)}
                      onKeyDown={(event) => {
                        if (recording !== id || event.key === 'Tab') return
                        event.preventDefault()
                        event.stopPropagation()
                        const keys = event.key === 'Escape' ? null : chordOf(event, onMac)
                        if (event.key === 'Escape') record(null)
                        else if (keys !== null) change(id, keys)
                      }}
                    >
                      {recording === id ? 'Press the keys' : <KeyCaps names={keyNames(keysOf(id), onMac)} />}
                      <span className={classes.unseen}> for {label}: change</span>
                    </Button>
                    {shortcuts[id] === undefined ? null : (
                      <ActionIcon aria-label={`Reset the keys of: ${label}`} onClick={() => change(id, null)}>
                        <Icon name="undo" />
                      </ActionIcon>
                    )}
                  </div>
                </li>
              )
            })}
          </ul>
        </Card>
      </div>
    </Section>
  )
}
