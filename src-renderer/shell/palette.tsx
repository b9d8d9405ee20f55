import { Modal } from '@mantine/core'
import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { Keys } from '../components/keys.tsx'
import { indexItems, rank } from '../shortcuts/rank.ts'
import type { ShortcutId } from '../shortcuts/table.ts'
import { useShellState } from '../state/shell.ts'
import classes from './palette.module.css'
import { useAllCommands, useAllTargets } from './palette-items.ts'

export type PaletteEntry = {
  readonly id: string
  /** "Project", "Prompt", "Go": stands before the label. */
  readonly category: string
  readonly label: string
  readonly detail?: string
  readonly shortcut?: ShortcutId
  readonly run: () => void
}

const mostShown = 50
const textOf = (entry: PaletteEntry): string => `${entry.category}: ${entry.label} ${entry.detail ?? ''}`

export const Palette = () => {
  const mode = useShellState((state) => state.palette)
  const set = useShellState((state) => state.set)
  const close = (): void => set({ palette: 'closed' })
  return (
    <Modal.Root
      opened={mode !== 'closed'}
      onClose={close}
      yOffset="12vh"
      size="40rem"
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label={mode === 'commands' ? 'Commands' : 'Go to object'}>
        <Modal.Body p={0}>
          {mode === 'commands' ? <Commands onClose={close} /> : <Objects onClose={close} />}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

const Commands = (props: { readonly onClose: () => void }) => {
  const entries = useAllCommands()
  const [text, setText] = useState('')
  const index = useMemo(() => indexItems(entries, textOf), [entries])
  return (
    <List
      text={text}
      onText={setText}
      found={rank(index, text, mostShown)}
      label="Run a command"
      onClose={props.onClose}
    />
  )
}

const Objects = (props: { readonly onClose: () => void }) => {
  const [text, setText] = useState('')
  const entries = useAllTargets(text)
  const index = useMemo(() => indexItems(entries, textOf), [entries])
  return (
    <List
      text={text}
      onText={setText}
      found={rank(index, text, mostShown)}
      label="Go to a prompt, case, model, run or screen"
      onClose={props.onClose}
    />
  )
}

const List = (props: {
  readonly text: string
  readonly onText: (text: string) => void
  readonly found: readonly PaletteEntry[]
  readonly label: string
  readonly onClose: () => void
}) => {
  const { found, onClose } = props
  const id = useId()
  const [at, setAt] = useState(0)
  const chosen = Math.min(at, found.length - 1)
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  const run = (entry: PaletteEntry | undefined): void => {
    if (entry === undefined) return
    onClose()
    entry.run()
  }
  const move = (by: number): void => setAt((chosen + by + found.length) % Math.max(1, found.length))
  const onKey = (event: React.KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }
    const step = steps[event.key]
    if (step !== undefined)
      move(Math.abs(step) === 1 ? step : Math.max(-chosen, Math.min(step, found.length - 1 - chosen)))
    else if (event.key === 'Enter') run(found[chosen])
    else return
    event.preventDefault()
  }
  return (
    <div className={classes.palette}>
      <input
        className={classes.input}
        role="combobox"
        aria-label={props.label}
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        {...(found.length === 0 ? {} : { 'aria-activedescendant': `${id}-${chosen}` })}
        placeholder={props.label}
        value={props.text}
        data-autofocus
        onChange={(event) => {
          props.onText(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={onKey}
      />
      <ul className={classes.list} id={`${id}-list`} role="listbox" aria-label={props.label} ref={list}>
        {found.map((entry, index) => (
          // The list is driven by the field's keys (ARIA combobox): its entries never take the focus themselves.
          <li
            key={entry.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === chosen}
            onPointerMove={() => setAt(index)}
            onClick={() => run(entry)}
          >
            <span className={classes.category}>{entry.category}</span>
            <span className={classes.label}>{entry.label}</span>
            {entry.detail === undefined ? null : <span className={classes.detail}>{entry.detail}</span>}
            {entry.shortcut === undefined ? null : <Keys of={entry.shortcut} />}
          </li>
        ))}
      </ul>
      <p className={classes.status} role="status">
        {found.length === 0 ? 'Nothing found' : `${found.length} shown. Enter opens, arrows move, Escape closes.`}
      </p>
    </div>
  )
}
