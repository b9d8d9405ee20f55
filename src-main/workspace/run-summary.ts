import type { ExperimentId } from '../../src-core/domain/ids.ts'
import type { Experiments } from '../services/experiments.ts'
import type { WorkspaceStore } from '../store/workspace/workspace-store.ts'
import type { BestVariant } from './types.ts'

export type RunSummary = {
  readonly best: BestVariant | null
  readonly quality: number | null
  readonly spentUsd: number | null
}

/** Computes and keeps what cards show of ended runs, one after the other: a report over many results takes seconds. */
export const createSummaries = (
  workspace: WorkspaceStore,
  experiments: Pick<Experiments, 'report' | 'find'>,
  notice: (sentence: string) => void,
) => {
  const asked = new Set<string>()
  let queue: Promise<void> = Promise.resolve()
  let closed = false

  const make = async (experiment: ExperimentId): Promise<void> => {
    if (closed) return
    const record = await experiments.find(experiment)
    if (record.status === 'running') return
    const report = await experiments.report(experiment)
    const bestRow = report.rows.find(
      ({ variant, model }) => variant === report.best?.variant && model === report.best.model,
    )
    const means = report.rows.flatMap(({ mean }) => (mean === null ? [] : [mean]))
    const summary: RunSummary = {
      best:
        bestRow === undefined
          ? null
          : { variant: bestRow.variant, model: bestRow.model, mean: bestRow.mean, ci: bestRow.ci, n: bestRow.n },
      quality: means.length === 0 ? null : Math.max(...means),
      spentUsd: report.spentUsd,
    }
    if (!closed) await workspace.write('saveSummary', experiment, summary)
  }

  return {
    /** Later; a run that is asked for twice is computed once. */
    want: (experiment: ExperimentId): void => {
      if (asked.has(experiment)) return
      asked.add(experiment)
      queue = queue
        .then(() => make(experiment))
        .catch((error: unknown) =>
          notice(
            `The summary of run ${experiment} could not be made: ${error instanceof Error ? error.message : String(error)}`,
          ),
        )
        .finally(() => asked.delete(experiment))
    },
    settled: () => queue,
    close: async () => {
      closed = true
      await queue
    },
  }
}

export type Summaries = ReturnType<typeof createSummaries>
