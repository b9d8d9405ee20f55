import { fileURLToPath } from 'node:url'
import type { AbortSignal } from '../../src-core/ports/clock.ts'
import type { IsolatedProcess, StartIsolatedProcess } from '../../src-core/ports/isolated-process.ts'
import { entryUrl } from '../entries.ts'
import { childEnvironment } from '../isolated-process/environment.ts'
import { residentBytes } from '../isolated-process/memory.ts'

/** As much of Electron's utilityProcess as is used here. */
export type UtilityChild = {
  readonly pid: number | undefined
  postMessage(message: unknown): void
  kill(): boolean
  on(event: 'message', listener: (message: unknown) => void): unknown
  once(event: 'spawn', listener: () => void): unknown
  once(event: 'exit', listener: (code: number) => void): unknown
}
export type ForkUtility = (
  file: string,
  args: string[],
  options: { env: Record<string, string>; execArgv: string[]; stdio: 'ignore'; serviceName: string },
) => UtilityChild

/**
 * The port IsolatedProcess in the desktop, where run-as-node is off and child_process.fork with it. The child gets no
 * credentials and ends with the app.
 */
export const utilityIsolatedProcess =
  (fork: ForkUtility): StartIsolatedProcess =>
  async (entry, options = {}) => {
    if (options.signal?.aborted) throw options.signal.reason
    const child = fork(fileURLToPath(entryUrl(entry)), [], {
      env: childEnvironment(process.env),
      execArgv: options.maxOldSpaceMb === undefined ? [] : [`--max-old-space-size=${options.maxOldSpaceMb}`],
      stdio: 'ignore',
      serviceName: `Prompt Lab ${entry}`,
    })
    const isolated = adapt(child)
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('exit', (code) => reject(new Error(`${entry} ended while it started (${code})`)))
    })
    if (options.signal !== undefined) killOnAbort(isolated, options.signal)
    return isolated
  }

const killOnAbort = (child: IsolatedProcess, signal: AbortSignal): void => {
  const abort = () => child.kill()
  signal.addEventListener('abort', abort, { once: true })
  child.onExit(() => signal.removeEventListener('abort', abort))
  if (signal.aborted) abort()
}

const adapt = (child: UtilityChild): IsolatedProcess => {
  let exit: { readonly code: number | null; readonly signal: string | null } | null = null
  let killed = false
  const told: ((ended: { readonly code: number | null; readonly signal: string | null }) => void)[] = []
  child.once('exit', (code) => {
    exit = killed ? { code: null, signal: 'SIGKILL' } : { code, signal: null }
    for (const listener of told.splice(0)) listener(exit)
  })
  return {
    send: (message) => {
      if (exit === null) child.postMessage(message)
    },
    onMessage: (listener) => {
      child.on('message', listener)
    },
    onExit: (listener) => {
      if (exit === null) told.push(listener)
      else queueMicrotask(() => exit !== null && listener(exit))
    },
    memoryBytes: async () => (child.pid === undefined || exit !== null ? null : residentBytes(child.pid)),
    kill: () => {
      if (exit !== null) return
      killed = true
      // utilityProcess knows SIGTERM only, which code in an endless loop does not hear.
      if (child.pid === undefined) child.kill()
      else killAtOnce(child.pid)
    },
  }
}

const killAtOnce = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    // It ended by itself a moment ago; 'exit' tells it.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
