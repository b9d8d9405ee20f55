import { describe, expect, it } from 'vitest'
import type { AppHost } from '../workspace/app-host.ts'
import type { AppInfo, Settings } from '../workspace/host-types.ts'
import { createLifecycle, type LifecycleParts, type LivingWindow } from './lifecycle.ts'

/** A window and a host that write down what happens to them; runs end when they are stopped. */
const open = (options: {
  readonly running: number
  readonly onClose?: Settings['onClose']
  readonly press?: number
  readonly always?: boolean
}) => {
  const told: string[] = []
  let running = options.running
  let settings = { onClose: options.onClose ?? 'ask' } as Settings
  const closers: ((event: { preventDefault(): void }) => void)[] = []
  const host = {
    app: {
      app: { info: async () => ({ runsLive: running }) as AppInfo },
      settings: {
        get: async () => settings,
        save: async (patch: Partial<Settings>) => {
          told.push(`save ${patch.onClose}`)
          settings = { ...settings, ...patch }
          return settings
        },
      },
      runs: {
        list: async () => Array.from({ length: running }, (_, n) => ({ id: `run-${n}`, live: true })),
        stop: async (id: string, how: string) => {
          told.push(`stop ${id} ${how}`)
          running--
        },
      },
    } as unknown as AppHost,
    close: async () => {
      told.push('host closed')
    },
  }
  const openWindow = (): LivingWindow => {
    told.push('window opened')
    return {
      show: () => told.push('window shown'),
      focus: () => undefined,
      isMinimized: () => false,
      restore: () => undefined,
      destroy: () => told.push('window gone'),
      on: (_event, listener) => closers.push(listener),
    }
  }
  const parts: LifecycleParts<LivingWindow> = {
    host,
    openWindow,
    ask: async (_window, { message }) => {
      told.push(message)
      return { button: options.press ?? 2, always: options.always ?? false }
    },
    showTray: (count) => told.push(`tray ${count}`),
    hideTray: () => undefined,
    quit: () => told.push('quit'),
    backgroundCheckMs: 5,
  }
  const lifecycle = createLifecycle(parts)
  lifecycle.show()
  const closeWindow = (): boolean => {
    let prevented = false
    closers.at(-1)?.({ preventDefault: () => (prevented = true) })
    return prevented
  }
  return { lifecycle, told, closeWindow, endRuns: () => (running = 0) }
}

describe('closing the window', () => {
  it('without a run: closes the host before the app quits, and asks nothing', async () => {
    const { lifecycle, told, closeWindow } = open({ running: 0 })
    expect(lifecycle.mayQuit()).toBe(false)
    expect(closeWindow()).toBe(true)
    await expect.poll(() => told.at(-1)).toBe('quit')
    expect(told).toEqual(['window opened', 'window gone', 'host closed', 'quit'])
    expect([lifecycle.mayQuit(), closeWindow()]).toEqual([true, false])
  })

  it('with a run: a person may cancel, and everything stays', async () => {
    const { lifecycle, told } = open({ running: 1, press: 2 })
    await lifecycle.requestQuit()
    expect(told).toEqual(['window opened', 'An experiment is running.'])
    expect(lifecycle.mayQuit()).toBe(false)
  })

  it('with runs: stops them softly, then quits', async () => {
    const { lifecycle, told } = open({ running: 2, press: 1 })
    await lifecycle.requestQuit()
    expect(told).toEqual([
      'window opened',
      '2 experiments are running.',
      'stop run-0 finish',
      'stop run-1 finish',
      'window gone',
      'host closed',
      'quit',
    ])
  })

  it('in the background: no window, and the app ends after the last run', async () => {
    const { lifecycle, told, endRuns } = open({ running: 1, press: 0 })
    await lifecycle.requestQuit()
    expect(told.slice(2)).toEqual(['window gone', 'tray 1'])
    expect(lifecycle.mayQuit()).toBe(false)
    endRuns()
    await expect.poll(() => told.at(-1)).toBe('quit')
  })

  it('in the background: the window comes back, and then the end of the run closes nothing', async () => {
    const { lifecycle, told, endRuns } = open({ running: 1, press: 0 })
    await lifecycle.requestQuit()
    lifecycle.show()
    endRuns()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(told.at(-1)).toBe('window opened')
  })

  it('remembers an answer for every time, but not a cancelled one', async () => {
    const stopped = open({ running: 1, press: 1, always: true })
    await stopped.lifecycle.requestQuit()
    expect(stopped.told).toContain('save stop')
    const cancelled = open({ running: 1, press: 2, always: true })
    await cancelled.lifecycle.requestQuit()
    expect(cancelled.told.filter((line) => line.startsWith('save'))).toEqual([])
  })

  it('does not ask a person who decided already, and asks once however often it is pressed', async () => {
    const decided = open({ running: 1, onClose: 'background' })
    await decided.lifecycle.requestQuit()
    expect(decided.told).toEqual(['window opened', 'window gone', 'tray 1'])
    const pressed = open({ running: 1, press: 1 })
    await Promise.all([
      pressed.lifecycle.requestQuit(),
      pressed.lifecycle.requestQuit(),
      pressed.lifecycle.requestQuit(),
    ])
    expect(pressed.told.filter((line) => line.endsWith('running.'))).toHaveLength(1)
  })
})

it('a second start shows the window that is there', () => {
  const { lifecycle, told } = open({ running: 0 })
  lifecycle.show()
  expect(told).toEqual(['window opened', 'window shown'])
})
