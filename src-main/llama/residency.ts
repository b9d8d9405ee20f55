import type { AbortSignal } from '../../src-core/ports/clock.ts'
import type { LlamaChild } from './llama-child.ts'

export type Lease = { readonly child: LlamaChild; release(): void }

type Waiting = {
  readonly key: string
  readonly load: () => Promise<LlamaChild>
  readonly resolve: (lease: Lease) => void
  readonly reject: (error: unknown) => void
}

/**
 * One model in memory at a time. Calls to the resident model run side by side; a call to another waits, in the order of
 * arrival, until these have ended, and then takes its place. A process that died is simply not resident any more.
 */
export const createResidency = () => {
  const queue: Waiting[] = []
  let resident: { readonly key: string; readonly child: LlamaChild } | null = null
  let inFlight = 0
  let changing = false
  let disposed = false

  const leave = (): void => {
    resident?.child.kill()
    resident = null
  }

  const lease = (child: LlamaChild): Lease => {
    inFlight++
    let held = true
    return {
      child,
      release: () => {
        if (!held) return
        held = false
        inFlight--
        void pump()
      },
    }
  }

  const pump = async (): Promise<void> => {
    if (changing) return
    while (queue[0] !== undefined) {
      const next = queue[0]
      if (resident !== null && !resident.child.alive) resident = null
      if (resident?.key === next.key) {
        queue.shift()
        next.resolve(lease(resident.child))
        continue
      }
      if (inFlight > 0) return
      queue.shift()
      changing = true
      leave()
      try {
        const child = await next.load()
        resident = { key: next.key, child }
        if (disposed) leave()
        next.resolve(lease(child))
      } catch (error) {
        next.reject(error)
      } finally {
        changing = false
      }
    }
  }

  return {
    /** Waits for its turn and loads the model where needed. An aborted signal leaves the queue with the signal's reason. */
    acquire: (key: string, load: () => Promise<LlamaChild>, signal: AbortSignal): Promise<Lease> =>
      new Promise((resolve, reject) => {
        const onAbort = () => {
          const place = queue.indexOf(entry)
          if (place >= 0) queue.splice(place, 1)
          reject(signal.reason)
        }
        const settled = () => signal.removeEventListener('abort', onAbort)
        const entry: Waiting = {
          key,
          load,
          resolve: (granted) => {
            settled()
            // Aborted while its model was loaded: nobody waits for the lease any more.
            if (signal.aborted) granted.release()
            resolve(granted)
          },
          reject: (error) => {
            settled()
            reject(error)
          },
        }
        if (signal.aborted) return reject(signal.reason)
        signal.addEventListener('abort', onAbort, { once: true })
        queue.push(entry)
        void pump()
      }),
    resident: () => resident,
    /** Frees the model's memory, unless calls to it are in flight. */
    release: (key: string): void => {
      if (resident?.key === key && inFlight === 0) leave()
    },
    dispose: (): void => {
      disposed = true
      leave()
    },
  }
}
