/**
 * llama.cpp's threads wait for one another by spinning: where another program holds one of their cores, all of them burn
 * their time in vain, and a pass takes ten to a hundred times as long as on fewer threads. So the governor looks at how
 * much processor time the passes really got, gives up the threads that got none, and tries all of them again later.
 */
export type ThreadGovernor = {
  /** Around each pass; nested ones count as one. `pinned`: this pass must use all threads, and tells nothing. */
  during<T>(pinned: boolean, pass: () => Promise<T>): Promise<T>
  readonly threads: number
}

type Dependencies = {
  /** Threads for an idle machine. */
  readonly full: number
  /** Wall clock, milliseconds. */
  readonly now: () => number
  /** Processor time of this process, milliseconds. */
  readonly cpuMs: () => number
  readonly use: (threads: number) => void
}

const windowMs = 200
/** Spinning threads that have their cores to themselves reach 0.95. */
const starvedShare = 0.75
const firstRetryMs = 2_000
const lastRetryMs = 60_000

export const createThreadGovernor = ({ full, now, cpuMs, use }: Dependencies): ThreadGovernor => {
  let threads = full
  let passes = 0
  let pins = 0
  let began = { wall: 0, cpu: 0 }
  let wall = 0
  let cpu = 0
  let retryAt = 0
  let retryMs = firstRetryMs

  const set = (count: number): void => {
    threads = count
    wall = 0
    cpu = 0
  }

  const judge = (): void => {
    if (wall < windowMs) return
    const got = cpu / wall
    if (got / threads < starvedShare && threads > 1) {
      retryAt = now() + retryMs
      retryMs = Math.min(lastRetryMs, retryMs * 2)
      set(Math.max(1, Math.min(threads - 1, Math.floor(got))))
    } else {
      if (threads === full) retryMs = firstRetryMs
      set(threads < full && now() >= retryAt ? full : threads)
    }
  }

  return {
    get threads() {
      return threads
    },
    during: async (pinned, pass) => {
      if (pinned) pins++
      if (passes++ === 0) {
        use(pins > 0 ? full : threads)
        began = { wall: now(), cpu: cpuMs() }
      }
      try {
        return await pass()
      } finally {
        if (--passes === 0 && pins === 0) {
          wall += now() - began.wall
          cpu += cpuMs() - began.cpu
          judge()
        }
        if (pinned) pins--
      }
    },
  }
}
