import type { Progress } from '../src-core/experiment/progress.ts'
import type { Output } from './output.ts'

const money = (usd: number): string => (usd === 0 ? '$0' : usd < 0.01 ? `$${usd.toFixed(5)}` : `$${usd.toFixed(2)}`)

const duration = (seconds: number): string => {
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}

/** One line of progress as words: what is done, how fast, how long still, what it has cost. */
export const progressText = (progress: Progress): string => {
  const parts = [`${progress.done} of ${progress.cells} cells`]
  if (progress.phase === 'starting') parts.push('getting the model ready')
  if (progress.phase === 'paused') parts.push('paused')
  if (progress.phase === 'stopping') parts.push('finishing what is in flight')
  if (progress.failed > 0) {
    const causes = Object.entries(progress.failures).map(([code, count]) => `${code} ${count}`)
    parts.push(`${progress.failed} failed${causes.length === 0 ? '' : ` (${causes.join(', ')})`}`)
  }
  if (progress.cellsPerSecond !== null) parts.push(`${progress.cellsPerSecond.toFixed(1)} cells/s`)
  if (progress.etaMs !== null && progress.done < progress.cells) {
    const [low, high] = progress.etaMs.map((ms) => duration(ms / 1000)) as [string, string]
    parts.push(`${low === high ? high : `${low} to ${high}`} left`)
  }
  if (progress.spentUsd !== null) parts.push(`${money(progress.spentUsd)} spent`)
  return parts.join(' · ')
}

/** A line that redraws itself on a terminal; elsewhere a plain line at every tenth of the way. */
export const createProgress = (output: Output): { show(progress: Progress): void; end(): void } => {
  let tenths = 0
  return {
    show: (progress) => {
      if (output.live) {
        output.status(progressText(progress))
        return
      }
      const reached = progress.cells === 0 ? 10 : Math.floor((10 * progress.done) / progress.cells)
      if (reached > tenths) output.say(progressText(progress))
      tenths = Math.max(tenths, reached)
    },
    end: () => output.status(''),
  }
}
