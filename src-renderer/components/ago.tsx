import { useSyncExternalStore } from 'react'
import { formatAgo, formatDateTime } from './format.ts'

/** The clock of all relative times: one timer, only while one of them is shown. */
const stepMs = 30_000
let now = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | null = null
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const each of listeners) each()
  }, stepMs)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0 || timer === null) return
    clearInterval(timer)
    timer = null
  }
}
const read = (): number => {
  const present = Date.now()
  // Between two steps the same number: what is read while drawing must not change by itself.
  if (present - now >= stepMs) now = present
  return now
}

/** Milliseconds since the epoch, at most half a minute old. */
export const useNow = (): number => useSyncExternalStore(subscribe, read)

/** "12 minutes ago", with the moment itself on hover. `at` is ISO 8601. */
export const Ago = (props: { readonly at: string }) => (
  <time dateTime={props.at} title={formatDateTime(props.at)}>
    {formatAgo(props.at, useNow())}
  </time>
)
