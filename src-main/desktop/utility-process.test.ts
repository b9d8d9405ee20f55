import { fork } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { type UtilityChild, utilityIsolatedProcess } from './utility-process.ts'

/** Electron's child, played by a forked Node that says and hears the same. */
const start = (seen: { env?: Record<string, string> } = {}) =>
  utilityIsolatedProcess((file, args, options): UtilityChild => {
    seen.env = options.env
    const child = fork(file, args, {
      env: options.env,
      execArgv: ['--no-warnings', ...options.execArgv],
      serialization: 'advanced',
    })
    return {
      get pid() {
        return child.pid
      },
      postMessage: (message) => void child.send(message as object),
      kill: () => child.kill(),
      on: (event, listener) => child.on(event, listener),
      once: (event: string, listener: (code: number) => void) =>
        child.once(event, (code: number | null) => listener(code ?? 0)),
    }
  })

describe('an isolated process of the desktop', () => {
  it('talks in plain data, tells its memory, and dies at once even where its code hangs', async () => {
    const child = await start()('sandbox-process')
    expect(await new Promise((resolve) => child.onMessage(resolve))).toEqual({ kind: 'ready' })
    if (process.platform === 'linux') expect(await child.memoryBytes()).toBeGreaterThan(10 * 2 ** 20)
    child.kill()
    const exit = () => new Promise((resolve) => child.onExit(resolve))
    expect(await exit()).toEqual({ code: null, signal: 'SIGKILL' })
    expect(await exit()).toEqual({ code: null, signal: 'SIGKILL' })
    expect(await child.memoryBytes()).toBeNull()
    expect(() => {
      child.send({ too: 'late' })
      child.kill()
    }).not.toThrow()
  })

  it('gets no variable that could hold a key', async () => {
    const seen: { env?: Record<string, string> } = {}
    process.env.PROMPT_LAB_TEST_KEY = 'k'
    const child = await start(seen)('sandbox-process')
    delete process.env.PROMPT_LAB_TEST_KEY
    child.kill()
    expect(seen.env).not.toHaveProperty('PROMPT_LAB_TEST_KEY')
    expect(seen.env).toHaveProperty('PATH')
  })

  it('does not start when aborted before, and dies when aborted later', async () => {
    await expect(start()('sandbox-process', { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
      'enough',
    )
    const controller = new AbortController()
    const child = await start()('sandbox-process', { signal: controller.signal })
    controller.abort()
    expect(await new Promise((resolve) => child.onExit(resolve))).toMatchObject({ signal: 'SIGKILL' })
  })
})
