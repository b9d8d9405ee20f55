/**
 * The statistics a report is made of, against the bounds of the specification. The report is built in a worker thread, where
 * the lab builds it; the main thread's longest pause meanwhile is shown beside it.
 */
import { performance } from 'node:perf_hooks'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import type { Outcome, ReportInput } from '../src-core/experiment/outcome.ts'
import { buildReport } from '../src-core/experiment/report.ts'
import { tableInput } from '../src-core/experiment/table.ts'
import { createPhilox } from '../src-core/ports/philox.ts'
import { bootstrapMeans } from '../src-core/stats/bootstrap.ts'
import { signFlip } from '../src-core/stats/sign-flip.ts'
import { print } from './figure.ts'

const random = createPhilox(1)
const draw = (stream: string, index: number): number => random.uniform(stream, index)

/** Median of seven after two warm-ups: a first call pays for the compiler. */
const milliseconds = (work: () => unknown): number => {
  const times: number[] = []
  for (let i = 0; i < 9; i++) {
    const start = performance.now()
    work()
    if (i >= 2) times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)[3] ?? Number.NaN
}

const bigInput = (): ReportInput => {
  const [variants, cases, repetitions] = [20, 500, 3]
  const small = tableInput([{ line: 1, cells: { case: 'c0', variant: 'v0', score: 1 } }], {
    file: null,
    labVersion: 'bench',
  })
  const outcomes: Outcome[] = []
  for (let c = 0; c < cases; c++) {
    const difficulty = draw('case', c)
    for (let v = 0; v < variants; v++) {
      for (let r = 0; r < repetitions; r++) {
        const index = (c * variants + v) * repetitions + r
        outcomes.push({
          ...(small.outcomes[0] as Outcome),
          variant: `v${v}`,
          case: `c${c}`,
          repetition: r + 1,
          score: (difficulty + draw('score', index)) / 2,
          passed: draw('pass', index) < difficulty,
          inputTokens: 100,
          outputTokens: Math.ceil(50 * draw('tokens', index)),
          costUsd: 0.001 * (1 + draw('cost', index)),
          latencyMs: 400 * (1 + draw('latency', index)),
        })
      }
    }
  }
  const facts = { weight: 1, minimumQuality: null, cluster: null }
  return { ...small, outcomes, cases: new Map(Array.from({ length: cases }, (_, c) => [`c${c}`, facts])) }
}

const inWorker = async (): Promise<{ readonly fixed: number; readonly sequential: number; readonly pause: number }> => {
  const worker = new Worker(new URL(import.meta.url))
  let last = performance.now()
  let pause = 0
  const timer = setInterval(() => {
    const now = performance.now()
    pause = Math.max(pause, now - last - 5)
    last = now
  }, 5)
  const built = await new Promise<{ fixed: number; sequential: number }>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
  clearInterval(timer)
  return { ...built, pause }
}

if (isMainThread) {
  const differences = Array.from({ length: 1000 }, (_, i) => draw('difference', i) - 0.5)
  const uniform = (index: number): number => draw('resample', index)
  print(
    'paired bootstrap, 10,000 resamples of 1,000 cases',
    milliseconds(() => bootstrapMeans(differences, { resamples: 10_000, uniform })),
    { bound: 60, unit: 'ms' },
  )
  print(
    'exact sign-flip test, 20 cases',
    milliseconds(() => signFlip(differences.slice(0, 20))),
    { bound: 50, unit: 'ms' },
  )
  const { fixed, sequential, pause } = await inWorker()
  const size = '20 variants x 500 cases x 3 repetitions'
  print(`report of ${size}, worker thread`, fixed, { bound: 1000, unit: 'ms' })
  print(`the same under a sequential plan`, sequential, { bound: null, unit: 'ms' })
  print('longest pause of the main thread meanwhile', pause, { bound: null, unit: 'ms' })
} else {
  const input = bigInput()
  const report = (design: 'fixed' | 'sequential'): number => {
    const start = performance.now()
    buildReport({ ...input, plan: { ...input.plan, design } })
    return performance.now() - start
  }
  // The first one, without a warm-up: that is what a person waits for.
  const fixed = report('fixed')
  parentPort?.postMessage({ fixed, sequential: report('sequential') })
}
