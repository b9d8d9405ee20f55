import type { RunProgress } from '../src-core/experiment/progress.ts'
import type { Output } from './output.ts'

const money = (usd: number): string => (usd === 0 ? '$0' : usd < 0.01 ? `$${usd.toFixed(5)}` : `$${usd.toFixed(2)}`)

const duration = (seconds: number): string => {
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}

/** One line of progress as words: what is done, how fast, how long still, what it has cost. */
export const progressText = (progress: RunProgress): string => {
  const parts = [`${progress.done} of ${progress.total}`]
  if (progress.failed > 0) {
    const causes = Object.entries(progress.failures).map(([code, count]) => `${code} ${count}`)
    parts.push(`${progress.failed} failed (${causes.join(', ')})`)
  }
  if (progress.ratePerSecond !== null) parts.push(`${progress.ratePerSecond.toFixed(1)} cells/s`)
  if (progress.etaSeconds !== null) {
    const [low, high] = progress.etaSeconds
    const range = duration(low) === duration(high) ? duration(high) : `${duration(low)} to ${duration(high)}`
    parts.push(`${range} left`)
  }
  if (progress.spentUsd !== null) parts.push(`${money(progress.spentUsd)} spent`)
  if (progress.note !== null) parts.push(progress.note)
  return parts.join(' · ')
}

/** A line that redraws itself on a terminal; elsewhere a plain line at every tenth of the way. */
export const createProgress = (output: Output): { show(progress: RunProgress): void; end(): void } => {
  let tenths = 0
  let lastNote: string | null = null
  return {
    show: (progress) => {
      if (output.live) {
        output.status(progressText(progress))
        return
      }
      const reached = progress.total === 0 ? 10 : Math.floor((10 * progress.done) / progress.total)
      if (reached > tenths || (progress.note !== null && progress.note !== lastNote)) output.say(progressText(progress))
      tenths = Math.max(tenths, reached)
      lastNote = progress.note
    },
    end: () => output.status(''),
  }
}
