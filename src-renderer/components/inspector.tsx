import { ActionIcon } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import { createPortal } from 'react-dom'
import { useShellState } from '../state/shell.ts'
import { Icon } from './icon.tsx'
import classes from './inspector.module.css'

/** Draws its children into the shell's right panel while mounted. Escape inside it, or its button, calls `onClose`. */
export const Inspector = (props: {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
}) => {
  const slot = useShellState((state) => state.inspectorSlot)
  useEffect(() => {
    useShellState.getState().set({ inspectorOpen: true })
    return () => useShellState.getState().set({ inspectorOpen: false })
  }, [])
  if (slot === null) return null
  return createPortal(
    <div
      className={classes.panel}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return
        event.stopPropagation()
        props.onClose()
      }}
    >
      <header className={classes.header}>
        <h2>{props.title}</h2>
        <ActionIcon aria-label="Close the inspector" onClick={props.onClose}>
          <Icon name="close" />
        </ActionIcon>
      </header>
      {props.children}
    </div>,
    slot,
  )
}
