import type { JsonValue } from '../../src-core/domain/json.ts'
import type { ScriptVerdict } from '../../src-core/evaluators/evaluator.ts'
import type { IsolatedProcess, StartIsolatedProcess } from '../../src-core/ports/isolated-process.ts'
import type { ScriptMessage, ScriptRequest } from './script-protocol.ts'

export type ScriptRunner = {
  run(code: string, input: JsonValue): Promise<ScriptVerdict>
  dispose(): Promise<void>
}

export type ScriptLimits = {
  /** The sandbox interrupts itself after this. */
  readonly deadlineMs: number
  /** The process is killed when it has not answered by then: native operations are not interrupted. */
  readonly killMs: number
  /** The process is killed when it holds more than this; looked at every `watchMs` while a script runs. */
  readonly memoryBytes: number
  readonly watchMs: number
  /** Starting a process and loading the sandbox. */
  readonly startMs: number
}

const defaultLimits: ScriptLimits = {
  deadlineMs: 250,
  killMs: 750,
  memoryBytes: 150 * 2 ** 20,
  watchMs: 50,
  startMs: 20_000,
}

type Job = {
  readonly code: string
  readonly input: string
  readonly resolve: (verdict: ScriptVerdict) => void
  readonly reject: (error: unknown) => void
}

/**
 * Runs scripts one after the other in one process that is started with the first script, kept, and killed and replaced when
 * a script will not end, takes too much memory or breaks the sandbox. `run` rejects only when no process can be started.
 */
export const createScriptRunner = (
  startIsolatedProcess: StartIsolatedProcess,
  limits: ScriptLimits = defaultLimits,
): ScriptRunner => {
  const queue: Job[] = []
  let sandbox: Promise<SandboxProcess> | null = null
  let working = false
  let disposed = false

  const obtain = (): Promise<SandboxProcess> => {
    sandbox ??= openSandbox(startIsolatedProcess, limits).catch((error: unknown) => {
      sandbox = null
      throw error
    })
    return sandbox
  }

  const work = async (): Promise<void> => {
    working = true
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      try {
        const { verdict, alive } = await (await obtain()).run(job.code, job.input)
        if (!alive) sandbox = null
        job.resolve(verdict)
      } catch (error) {
        job.reject(error)
      }
    }
    working = false
  }

  return {
    run: (code, input) => {
      if (disposed) return Promise.reject(new Error('the script runner is disposed'))
      return new Promise((resolve, reject) => {
        queue.push({ code, input: JSON.stringify(input), resolve, reject })
        if (!working) void work()
      })
    },
    dispose: async () => {
      disposed = true
      for (const job of queue.splice(0)) job.reject(new Error('the script runner is disposed'))
      if (sandbox === null) return
      const opened = await sandbox.catch(() => null)
      opened?.kill()
    },
  }
}

type SandboxProcess = {
  readonly run: (code: string, input: string) => Promise<{ readonly verdict: ScriptVerdict; readonly alive: boolean }>
  readonly kill: () => void
}

const openSandbox = async (start: StartIsolatedProcess, limits: ScriptLimits): Promise<SandboxProcess> => {
  const child = await start('sandbox-process', { maxOldSpaceMb: 64 })
  let ended = false
  let listener: (message: ScriptMessage | 'ended') => void = () => undefined
  child.onMessage((message) => listener(message as ScriptMessage))
  child.onExit(() => {
    ended = true
    listener('ended')
  })
  await ready(child, limits.startMs, (next) => {
    listener = next
  })
  let nextId = 0

  const run: SandboxProcess['run'] = (code, input) =>
    new Promise((resolve) => {
      nextId += 1
      const id = nextId
      const finish = (verdict: ScriptVerdict, alive: boolean): void => {
        listener = () => undefined
        clearTimeout(killer)
        clearInterval(watch)
        if (!alive) child.kill()
        resolve({ verdict, alive: alive && !ended })
      }
      const killer = setTimeout(() => finish({ kind: 'timed-out' }, false), limits.killMs)
      const watch = setInterval(async () => {
        const bytes = await child.memoryBytes()
        if (bytes !== null && bytes > limits.memoryBytes)
          finish({ kind: 'error', message: 'the script took too much memory' }, false)
      }, limits.watchMs)
      listener = (message) => {
        if (message === 'ended') finish({ kind: 'error', message: 'the script broke its sandbox' }, false)
        else if (message.kind === 'verdict' && message.id === id) finish(message.verdict, true)
      }
      if (ended) listener('ended')
      else child.send({ id, code, input, deadlineMs: limits.deadlineMs } satisfies ScriptRequest)
    })

  return { run, kill: () => child.kill() }
}

const ready = (
  child: IsolatedProcess,
  startMs: number,
  listen: (listener: (message: ScriptMessage | 'ended') => void) => void,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill()
      reject(new Error(`the sandbox did not start within ${startMs} ms`))
    }, startMs)
    listen((message) => {
      clearTimeout(late)
      if (message === 'ended') reject(new Error('the sandbox ended while it started'))
      else resolve()
    })
  })
