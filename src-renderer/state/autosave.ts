import { useEffect, useRef } from 'react'
import { type SaveState, useShellState } from './shell.ts'

export type Autosave<T> = {
  /** A new state of the draft; saved `delayMs` after the last one. */
  readonly change: (value: T) => void
  /** Saves what is waiting, now. Resolves when nothing is waiting or under way. */
  readonly flush: () => Promise<void>
  readonly dispose: () => void
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
  let running: Promise<void> | null = null

  const drain = async (): Promise<void> => {
    while (waiting !== null) {
      const taken: { readonly value: T } = waiting
      waiting = null
      onState('saving', null)
      try {
        await save(taken.value)
      } catch (error) {
        waiting ??= taken
        onState('failed', error)
        return
      }
    }
    onState('saved', null)
  }
  const flush = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (running !== null) return running
    if (waiting === null) return Promise.resolve()
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
    dispose: () => {
      if (timer !== null) clearTimeout(timer)
      timer = null
    },
  }
}

/** Ctrl+S and screens that are about to run something wait for this first. */
const open = new Set<() => Promise<void>>()
export const flushDrafts = async (): Promise<void> => {
  await Promise.all([...open].map((flush) => flush()))
}

/**
 * Autosave of one field or editor. `owner` names it in the status bar ("prompt:3"). Flushes when the field loses the
 * focus (call `flush` from onBlur), when the window is hidden or closed, and when the component goes away.
 */
export const useAutosave = <T>(
  owner: string,
  save: (value: T) => Promise<unknown>,
  onError?: (error: unknown) => void,
): Autosave<T> => {
  const latest = useRef({ save, onError })
  latest.current = { save, onError }
  const autosave = useRef<{ readonly owner: string; readonly it: Autosave<T> } | null>(null)
  if (autosave.current?.owner !== owner) {
    autosave.current = {
      owner,
      it: createAutosave<T>({
        save: (value) => latest.current.save(value),
        onState: (state, error) => {
          useShellState.getState().reportSave(owner, state)
          if (state === 'failed') latest.current.onError?.(error)
        },
      }),
    }
  }
  const { it } = autosave.current
  useEffect(() => {
    const flush = (): void => void it.flush()
    const whenHidden = (): void => {
      if (document.visibilityState === 'hidden') flush()
    }
    open.add(it.flush)
    window.addEventListener('pagehide', flush)
    window.addEventListener('blur', flush)
    document.addEventListener('visibilitychange', whenHidden)
    return () => {
      open.delete(it.flush)
      window.removeEventListener('pagehide', flush)
      window.removeEventListener('blur', flush)
      document.removeEventListener('visibilitychange', whenHidden)
      void it.flush().finally(() => useShellState.getState().reportSave(owner, null))
    }
  }, [it, owner])
  return it
}
