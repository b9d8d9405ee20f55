import { useEffect, useState } from 'react'
import type { LiveEvent } from '../../../src-main/workspace/experiment-types.ts'
import { useLab } from '../../state/lab.tsx'
import { foldLive, type LiveView } from './fold-live.ts'

const betweenMs = 100

/**
 * Follows a run: a snapshot, then what changed. Events of one tenth of a second become one update of the page, the first
 * of them at once. `session` rises when a run is continued, which is a new stream.
 */
export const useLive = (experiment: string, session: number) => {
  const lab = useLab()
  const [view, setView] = useState<LiveView | null>(null)
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    let waiting: LiveEvent[] = []
    let timer: ReturnType<typeof setTimeout> | null = null
    let lastMs = 0
    const flush = (): void => {
      timer = null
      lastMs = performance.now()
      const events = waiting
      waiting = []
      setView((now) => foldLive(now, events))
    }
    const subscription = lab.experiments.live.subscribe(
      { experiment },
      {
        onData: (event) => {
          waiting.push(event.data)
          timer ??= setTimeout(flush, Math.max(0, lastMs + betweenMs - performance.now()))
        },
        onError: (cause) => setError(cause),
      },
    )
    return () => {
      subscription.unsubscribe()
      if (timer !== null) clearTimeout(timer)
      setView(null)
      setError(null)
    }
  }, [lab, experiment, session])
  return { view, error }
}
