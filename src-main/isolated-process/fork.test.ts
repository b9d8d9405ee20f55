import { describe, expect, it } from 'vitest'
import { childEnvironment } from './environment.ts'
import { forkIsolatedProcess } from './fork.ts'

describe('forkIsolatedProcess', () => {
  const exitOf = (child: Awaited<ReturnType<typeof forkIsolatedProcess>>) =>
    new Promise((resolve) => child.onExit(resolve))

  it('talks in plain data, tells its memory, and tells its end to whoever asks later too', async () => {
    const child = await forkIsolatedProcess('sandbox-process')
    const ready = await new Promise((resolve) => child.onMessage(resolve))
    expect(ready).toEqual({ kind: 'ready' })
    if (process.platform !== 'win32') expect(await child.memoryBytes()).toBeGreaterThan(10 * 2 ** 20)
    child.kill()
    expect(await exitOf(child)).toEqual({ code: null, signal: 'SIGKILL' })
    expect(await exitOf(child)).toEqual({ code: null, signal: 'SIGKILL' })
    expect(await child.memoryBytes()).toBeNull()
    expect(() => child.send({ too: 'late' })).not.toThrow()
  })

  it('does not start when the signal is aborted, and dies when it is aborted later', async () => {
    await expect(
      forkIsolatedProcess('sandbox-process', { signal: AbortSignal.abort(new Error('enough')) }),
    ).rejects.toThrow('enough')
    const controller = new AbortController()
    const child = await forkIsolatedProcess('sandbox-process', { signal: controller.signal })
    controller.abort()
    expect(await exitOf(child)).toMatchObject({ signal: 'SIGKILL' })
  })
})

it('gives a child no variable that could hold a key', () => {
  const own = { PATH: '/bin', OPENAI_API_KEY: 'k', NODE_OPTIONS: '--inspect', HOME: '/h', HTTP_PROXY: 'p' }
  expect(childEnvironment(own)).toEqual({ PATH: '/bin', HOME: '/h' })
})
