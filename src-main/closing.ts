import type { AppHost } from './workspace/app-host.ts'
import type { Settings } from './workspace/host-types.ts'

export type Choice = 'background' | 'stop' | 'cancel'

/** The question as a native dialog shows it; the index of the pressed button is the choice. */
export const closingQuestion = (running: number) => ({
  type: 'question' as const,
  title: 'Prompt Lab',
  message: running === 1 ? 'An experiment is running.' : `${running} experiments are running.`,
  detail: 'Every answer is saved already. A stopped experiment goes on with "Resume" where it was.',
  buttons: ['Continue in background', 'Stop and quit', 'Cancel'],
  defaultId: 0,
  cancelId: 2,
  noLink: true,
  checkboxLabel: 'Do this every time',
  checkboxChecked: false,
})
export const closingChoices: readonly Choice[] = ['background', 'stop', 'cancel']

/** What closing does without asking; null: ask. */
export const settledChoice = (running: number, onClose: Settings['onClose']): Choice | null => {
  if (running === 0) return 'stop'
  return onClose === 'ask' ? null : onClose
}

/** How long requests in flight may finish before they are cut. */
const patienceMs = 10_000
const everyMs = 100

/**
 * Stops every run of this host, softly first: requests in flight may finish for ten seconds, then they are cut and count
 * as unconfirmed. Resolves when no run is live (or after a second patience, when the store itself is the trouble).
 */
export const stopRuns = async (
  { runs, app }: Pick<AppHost, 'runs' | 'app'>,
  wait: (ms: number) => Promise<void>,
  patience: number = patienceMs,
): Promise<void> => {
  for (const how of ['finish', 'now'] as const) {
    const live = (await runs.list(null)).filter((run) => run.live)
    await Promise.all(live.map((run) => runs.stop(run.id, how)))
    for (let waited = 0; waited < patience; waited += everyMs) {
      if ((await app.info()).runsLive === 0) return
      await wait(everyMs)
    }
  }
}
