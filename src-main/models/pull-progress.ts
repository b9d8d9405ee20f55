export type PullProgress = {
  readonly id: string
  readonly phase: 'download' | 'verify'
  /** The hub's repository or the Python package. */
  readonly source: string
  readonly bytes: number
  readonly totalBytes: number
  /** Over the last seconds; null at the beginning. */
  readonly bytesPerSecond: number | null
  readonly etaSeconds: number | null
}

const rateWindowMs = 5_000
const everyMs = 100

type Meter = { report(bytes: number, source: string, phase?: PullProgress['phase']): void }

/** Turns byte counts into rate and time left, at most ten times a second; the last byte is always told. */
export const createMeter = (
  { id, totalBytes, now }: { id: string; totalBytes: number; now: () => number },
  onProgress: (progress: PullProgress) => void,
): Meter => {
  let samples: { readonly at: number; readonly bytes: number }[] = []
  let last = Number.NEGATIVE_INFINITY
  return {
    report: (bytes, source, phase = 'download') => {
      const at = now()
      if (bytes < (samples.at(-1)?.bytes ?? 0)) samples = []
      samples = [...samples.filter((sample) => at - sample.at <= rateWindowMs), { at, bytes }]
      if (at - last < everyMs && bytes < totalBytes) return
      last = at
      const first = samples[0]
      const seconds = first === undefined ? 0 : (at - first.at) / 1000
      const rate = first === undefined || seconds < 0.2 || phase === 'verify' ? null : (bytes - first.bytes) / seconds
      const eta = rate === null || rate <= 0 ? null : (totalBytes - bytes) / rate
      onProgress({ id, phase, source, bytes, totalBytes, bytesPerSecond: rate, etaSeconds: eta })
    },
  }
}
