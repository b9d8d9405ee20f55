import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { LabError } from '../../src-core/domain/errors.ts'
import type { AbortSignal } from '../../src-core/ports/clock.ts'
import type { IsolatedProcess, StartIsolatedProcess } from '../../src-core/ports/isolated-process.ts'
import { entryUrl } from '../entries.ts'
import { childEnvironment } from './environment.ts'
import { residentBytes } from './memory.ts'

/**
 * The port by `child_process.fork`, for every host but the desktop. Works in worker threads too.
 *
 * The child gets no credentials (see environment.ts) and ends when its parent does, because the channel closes. Its
 * standard output and error are dropped: the command line's own output holds one JSON object and nothing else.
 *
 * Rejects with LabError 'unsupported' when no process can be started, and with the signal's reason when aborted first;
 * a signal aborted later kills the process.
 */
export const forkIsolatedProcess: StartIsolatedProcess = async (entry, options = {}) => {
  if (options.signal?.aborted) throw options.signal.reason
  const child = fork(fileURLToPath(entryUrl(entry)), [], {
    // 'advanced' is structured clone: typed arrays, undefined and infinities arrive as they are.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: childEnvironment(process.env),
    execArgv: nodeArguments(entry, options.maxOldSpaceMb),
  })
  const isolated = adapt(child)
  await started(child)
  if (options.signal !== undefined) killOnAbort(child, options.signal)
  return isolated
}

/**
 * Untrusted code lives in the sandbox's WebAssembly; should it ever get out, Node's own permission model still denies it
 * files to write, processes, workers, addons and the inspector. (The network is not covered before Node 25.)
 */
const nodeArguments = (entry: 'llama-process' | 'sandbox-process', maxOldSpaceMb: number | undefined): string[] => [
  '--no-warnings',
  ...(entry === 'sandbox-process' ? ['--permission', '--allow-fs-read=*'] : []),
  ...(maxOldSpaceMb === undefined ? [] : [`--max-old-space-size=${maxOldSpaceMb}`]),
]

const started = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (cause) =>
      reject(new LabError('unsupported', `this machine cannot start a process: ${cause.message}`, { cause })),
    )
  })

const killOnAbort = (child: ChildProcess, signal: AbortSignal): void => {
  const abort = () => child.kill('SIGKILL')
  signal.addEventListener('abort', abort, { once: true })
  child.once('exit', () => signal.removeEventListener('abort', abort))
  if (signal.aborted) abort()
}

const adapt = (child: ChildProcess): IsolatedProcess => {
  let exit: { readonly code: number | null; readonly signal: string | null } | null = null
  child.once('exit', (code, signal) => {
    exit = { code, signal }
  })
  // A message sent while the process dies is reported here; its end is reported by onExit, which is what callers act on.
  child.on('error', () => undefined)
  return {
    send: (message) => {
      if (child.connected) child.send(message as object, () => undefined)
    },
    onMessage: (listener) => {
      child.on('message', listener)
    },
    onExit: (listener) => {
      if (exit !== null) queueMicrotask(() => exit !== null && listener(exit))
      else child.once('exit', (code, signal) => listener({ code, signal }))
    },
    memoryBytes: async () => (child.pid === undefined || exit !== null ? null : residentBytes(child.pid)),
    kill: () => {
      child.kill('SIGKILL')
    },
  }
}
