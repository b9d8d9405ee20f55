import { closingChoices, closingQuestion, settledChoice, stopRuns } from '../closing.ts'
import type { AppHost } from '../workspace/app-host.ts'

/** As much of a BrowserWindow as its coming and going needs. */
export type LivingWindow = {
  show(): void
  focus(): void
  isMinimized(): boolean
  restore(): void
  destroy(): void
  on(event: 'close', listener: (event: { preventDefault(): void }) => void): unknown
}

export type LifecycleParts<Window extends LivingWindow> = {
  readonly host: { readonly app: Pick<AppHost, 'app' | 'settings' | 'runs'>; close(): Promise<void> }
  readonly openWindow: () => Window
  readonly ask: (
    window: Window | null,
    question: ReturnType<typeof closingQuestion>,
  ) => Promise<{ readonly button: number; readonly always: boolean }>
  readonly showTray: (running: number) => void
  readonly hideTray: () => void
  readonly quit: () => void
  readonly backgroundCheckMs?: number
}

export type Lifecycle = {
  /** Opens the window, or brings it to the front. */
  show(): void
  /** Asks where a run is live; everything that ends the app comes through here. */
  requestQuit(): Promise<void>
  /** True when everything is saved and closed. */
  mayQuit(): boolean
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/**
 * One window. Closing it ends the app, unless an experiment runs: then a person chooses between going on without a window
 * (the app ends by itself after the last run) and stopping it.
 */
export const createLifecycle = <Window extends LivingWindow>(parts: LifecycleParts<Window>): Lifecycle => {
  const { host } = parts
  let window: Window | null = null
  let closing: Promise<void> | null = null
  let closed = false
  let watch: ReturnType<typeof setInterval> | null = null

  const dropWindow = () => {
    window?.destroy()
    window = null
  }
  const leaveBackground = () => {
    if (watch !== null) clearInterval(watch)
    watch = null
    parts.hideTray()
  }
  const end = async () => {
    await stopRuns(host.app, wait)
    leaveBackground()
    dropWindow()
    await host.close()
    closed = true
    parts.quit()
  }
  const goToBackground = (running: number) => {
    dropWindow()
    parts.showTray(running)
    let last = running
    watch ??= setInterval(async () => {
      const { runsLive } = await host.app.app.info()
      if (watch === null || closing !== null) return
      if (runsLive === 0) await requestQuit()
      else if (runsLive !== last) parts.showTray(runsLive)
      last = runsLive
    }, parts.backgroundCheckMs ?? 2_000)
  }
  const close = async () => {
    const [{ runsLive }, { onClose }] = await Promise.all([host.app.app.info(), host.app.settings.get()])
    let choice = settledChoice(runsLive, onClose)
    if (choice === null) {
      const answer = await parts.ask(window, closingQuestion(runsLive))
      choice = closingChoices[answer.button] ?? 'cancel'
      if (answer.always && choice !== 'cancel') await host.app.settings.save({ onClose: choice })
    }
    if (choice === 'background') goToBackground(runsLive)
    else if (choice === 'stop') await end()
  }
  const requestQuit = async (): Promise<void> => {
    closing ??= close().finally(() => {
      closing = null
    })
    await closing
  }
  return {
    show: () => {
      if (closed) return
      leaveBackground()
      if (window === null) {
        window = parts.openWindow()
        window.on('close', (event) => {
          if (closed) return
          event.preventDefault()
          void requestQuit()
        })
        return
      }
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
    },
    requestQuit,
    mayQuit: () => closed,
  }
}
