import { useEffect, useMemo } from 'react'
import { type SaveState, useShellState } from './shell.ts'

export type Autosave<T> = {
  /** A new state of the draft; saved `delayMs` after the last one. */
  readonly change: (value: T) => void
  /** Saves what is waiting, now. True when nothing is left waiting, false when the save failed. */
  readonly flush: () => Promise<boolean>
}

/**
 * Journals a draft a moment after the last keystroke. One save at a time, in order; what changes while one is under way is
 * saved after it. A failed save keeps the draft waiting and is tried again with the next change or flush: nothing typed is
 * dropped.
 */
export const createAutosave = <T>(options: {
  readonly save: (value: T) => Promise<unknown>
  readonly onState: (state: SaveState, error: unknown) => void
  readonly delayMs?: number
}): Autosave<T> => {
  const { save, onState, delayMs = 500 } = options
  let waiting: { readonly value: T } | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  let running: Promise<boolean> | null = null

  const drain = async (): Promise<boolean> => {
    while (waiting !== null) {
      const taken: { readonly value: T } = waiting
      waiting = null
      onState('saving', null)
      try {
        await save(taken.value)
      } catch (error) {
        waiting ??= taken
        onState('failed', error)
        return false
      }
    }
    onState('saved', null)
    return true
  }
  const flush = (): Promise<boolean> => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (running !== null) return running
    if (waiting === null) return Promise.resolve(true)
    running = drain().finally(() => {
      running = null
    })
    return running
  }
  return {
    change: (value) => {
      waiting = { value }
      if (running === null) onState('unsaved', null)
      if (timer !== null) clearTimeout(timer)
      timer = setTimeout(() => void flush(), delayMs)
    },
    flush,
  }
}

type Saver = { save: (value: never) => Promise<unknown>; onError: ((error: unknown) => void) | undefined }

/** By owner: one autosave, whoever shows its field, so that two saves of one draft never overtake one another. */
type Entry = { readonly it: Autosave<never>; saver: Saver; users: number }
const open = new Map<string, Entry>()

const entryOf = (owner: string): Entry => {
  const known = open.get(owner)
  if (known !== undefined) return known
  const it = createAutosave<never>({
    save: (value) => entryOf(owner).saver.save(value),
    onState: (state, error) => {
      useShellState.getState().reportSave(owner, state)
      if (state === 'failed') entryOf(owner).saver.onError?.(error)
    },
  })
  const unset = (): never => {
    throw new Error(`the draft ${owner} changed before it was shown`)
  }
  const entry = { it, saver: { save: unset, onError: undefined } as Saver, users: 0 }
  open.set(owner, entry)
  return entry
}

/** Ctrl+S and screens that are about to run something wait for this first. */
export const flushDrafts = async (): Promise<void> => {
  await Promise.all([...open.values()].map(({ it }) => it.flush()))
}

/**
 * Autosave of one field or editor. `owner` names the draft in the status bar ("prompt:3"). Flushes when the field loses
 * the focus (call `flush` from onBlur), when the window is hidden or closed, and when the component goes away.
 */
export const useAutosave = <T>(
  owner: string,
  save: (value: T) => Promise<unknown>,
  onError?: (error: unknown) => void,
): Pick<Autosave<T>, 'change' | 'flush'> => {
  useEffect(() => {
    entryOf(owner).saver = { save: save as Saver['save'], onError }
  }, [owner, save, onError])
  useEffect(() => {
    const entry = entryOf(owner)
    const { it } = entry
    entry.users += 1
    const flush = (): void => void it.flush()
    const whenHidden = (): void => {
      if (document.visibilityState === 'hidden') flush()
    }
    window.addEventListener('pagehide', flush)
    window.addEventListener('blur', flush)
    document.addEventListener('visibilitychange', whenHidden)
    return () => {
      window.removeEventListener('pagehide', flush)
      window.removeEventListener('blur', flush)
      document.removeEventListener('visibilitychange', whenHidden)
      entry.users -= 1
      void it.flush().then((clean) => {
        // A draft that could not be saved stays open and counted: nothing typed is dropped silently.
        if (entry.users > 0 || !clean) return
        open.delete(owner)
        useShellState.getState().reportSave(owner, null)
      })
    }
  }, [owner])
  return useMemo(
    () => ({
      change: (value: T) => entryOf(owner).it.change(value as never),
      flush: () => entryOf(owner).it.flush(),
    }),
    [owner],
  )
}
