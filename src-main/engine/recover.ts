import { rmSync } from 'node:fs'
import { toErrorData } from '../../src-core/domain/errors.ts'
import type { ExperimentId } from '../../src-core/domain/ids.ts'
import { cellIdOf } from '../../src-core/experiment/matrix.ts'
import type { RunState, Store } from '../../src-core/ports/store.ts'
import { landingPath, readLanded } from './landing.ts'

/** Brings answers that a killed run had received, but not yet committed, into the database; returns the state after that. */
export const recoverLanded = async (
  store: Store,
  experiment: ExperimentId,
  { state, notice }: { readonly state: RunState; readonly notice: (message: string) => void },
): Promise<RunState> => {
  const path = landingPath(store.path, experiment)
  const known = new Set<string>([
    ...state.recorded.map((index) => `task:${cellIdOf(experiment, index)}`),
    ...state.answered.map((cell) => cell.call),
    ...state.judged.map((call) => call.call),
  ])
  const missing = readLanded(path).filter((end) => !known.has(end.call))
  let recovered = 0
  for (const end of missing) {
    try {
      await store.callsEnded([end])
      recovered++
    } catch (error) {
      notice(`an answer of the interrupted run could not be kept and is asked for again: ${toErrorData(error).message}`)
    }
  }
  rmSync(path, { force: true })
  return recovered > 0 ? store.runState(experiment) : state
}
