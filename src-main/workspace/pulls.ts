import { LabError } from '../../src-core/domain/errors.ts'
import type { Lab } from '../lab.ts'
import type { LocalModels } from './app-host.ts'
import type { PullState } from './host-types.ts'
import type { NetworkRing } from './network-log.ts'

type Pull = { state: PullState; waiting: (() => void)[]; readonly controller: AbortController }

/** Models of this machine; downloads belong to the host, so that a window may come and go meanwhile. */
export const createLocalModels = (lab: Lab, network: Pick<NetworkRing, 'add'>): LocalModels & { close(): void } => {
  const pulls = new Map<string, Pull>()

  const change = (pull: Pull, patch: Partial<PullState>): void => {
    pull.state = { ...pull.state, ...patch }
    const woken = pull.waiting
    pull.waiting = []
    for (const wake of woken) wake()
  }
  const begin = (id: string): Pull => {
    const controller = new AbortController()
    const pull: Pull = {
      state: {
        id,
        state: 'running',
        bytes: 0,
        totalBytes: null,
        bytesPerSecond: null,
        etaSeconds: null,
        message: null,
      },
      waiting: [],
      controller,
    }
    pulls.set(id, pull)
    const at = new Date().toISOString()
    const started = performance.now()
    let source: string | null = null
    const run = async (): Promise<void> => {
      const models = await lab.models()
      await models.pull(id, {
        signal: controller.signal,
        onProgress: (progress) => {
          source = progress.source
          change(pull, {
            bytes: progress.bytes,
            totalBytes: progress.totalBytes,
            bytesPerSecond: progress.bytesPerSecond,
            etaSeconds: progress.etaSeconds,
            message: progress.phase === 'verify' ? 'checking' : null,
          })
        },
      })
    }
    run()
      .then(
        () => change(pull, { state: 'done', etaSeconds: 0, message: null }),
        (error: unknown) =>
          change(
            pull,
            controller.signal.aborted
              ? { state: 'cancelled', message: 'What has arrived is kept; the next attempt goes on from there.' }
              : { state: 'failed', message: error instanceof Error ? error.message : String(error) },
          ),
      )
      .finally(() => {
        // A package tool is a program of its own, whose requests are not seen from here.
        if (source !== null && pull.state.bytes > 0) {
          network.add({
            at,
            host: source,
            purpose: 'model download',
            method: 'GET',
            loopback: false,
            sentBytes: 0,
            receivedBytes: pull.state.bytes,
            durationMs: performance.now() - started,
            status: null,
            outcome: pull.state.state === 'done' ? 'ok' : pull.state.state === 'cancelled' ? 'cancelled' : 'failed',
          })
        }
      })
    return pull
  }

  return {
    list: async () => (await lab.models()).list(),
    probe: async (model) => (await lab.models()).probe(model),
    remove: async (model) => (await lab.models()).remove(model),
    pulls: async () => [...pulls.values()].map(({ state }) => state),
    async *pull(model, signal) {
      const known = pulls.get(model)
      const pull = known?.state.state === 'running' ? known : begin(model)
      const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
      for (;;) {
        const { state } = pull
        yield state
        if (state.state !== 'running' || signal.aborted) return
        if (pull.state === state)
          await Promise.race([new Promise<void>((resolve) => pull.waiting.push(resolve)), aborted])
        if (signal.aborted) return
      }
    },
    cancel: async (model) => {
      const pull = pulls.get(model)
      if (pull === undefined) throw new LabError('not-found', `Nothing is being fetched for ${model}.`)
      pull.controller.abort(new Error('cancelled'))
    },
    close: () => {
      for (const { controller, state } of pulls.values())
        if (state.state === 'running') controller.abort(new Error('the app closes'))
    },
  }
}
