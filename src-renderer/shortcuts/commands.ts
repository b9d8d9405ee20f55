import { useEffect } from 'react'
import { create } from 'zustand'
import type { ShortcutId } from './table.ts'

export type Command = {
  readonly id: string
  /** Shown before the label: "Project: New". */
  readonly category: string
  readonly label: string
  readonly shortcut?: ShortcutId
  readonly run: () => void
}

/** A thing the palette can go to (Ctrl+K). */
export type GoTarget = {
  readonly id: string
  /** 'Prompt', 'Case', 'Experiment', ... */
  readonly kind: string
  readonly label: string
  readonly detail?: string
  readonly run: () => void
}

type Registry = {
  readonly commands: ReadonlyMap<string, readonly Command[]>
  readonly targets: ReadonlyMap<string, readonly GoTarget[]>
  readonly set: (owner: string, commands: readonly Command[] | null) => void
  readonly setTargets: (owner: string, targets: readonly GoTarget[] | null) => void
}

const withEntry = <T>(map: ReadonlyMap<string, T>, key: string, value: T | null): ReadonlyMap<string, T> => {
  const next = new Map(map)
  if (value === null) next.delete(key)
  else next.set(key, value)
  return next
}

export const useCommandRegistry = create<Registry>()((set) => ({
  commands: new Map(),
  targets: new Map(),
  set: (owner, commands) => set((state) => ({ commands: withEntry(state.commands, owner, commands) })),
  setTargets: (owner, targets) => set((state) => ({ targets: withEntry(state.targets, owner, targets) })),
}))

/** Puts commands into the palette while the calling component is mounted. Memoise `commands`. */
export const useCommands = (owner: string, commands: readonly Command[]): void => {
  useEffect(() => {
    useCommandRegistry.getState().set(owner, commands)
    return () => useCommandRegistry.getState().set(owner, null)
  }, [owner, commands])
}

/** Puts objects into the go-to palette while the calling component is mounted. Memoise `targets`. */
export const useGoTargets = (owner: string, targets: readonly GoTarget[]): void => {
  useEffect(() => {
    useCommandRegistry.getState().setTargets(owner, targets)
    return () => useCommandRegistry.getState().setTargets(owner, null)
  }, [owner, targets])
}
