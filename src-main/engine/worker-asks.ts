import type { ExperimentSnapshot } from '../../src-core/domain/experiment.ts'
import type { ExperimentId } from '../../src-core/domain/ids.ts'
import { type Deal } from '../../src-core/experiment/matrix.ts'
import type { Store } from '../../src-core/ports/store.ts'
import type { Ask, Reply } from './channel.ts'
import type { RunDependencies } from './run-types.ts'

type Context = {
  readonly store: Store
  readonly services: RunDependencies['services']
  readonly experiment: ExperimentId
  readonly snapshot: ExperimentSnapshot
  readonly deal: Deal
}

/** The output of a cell that is already recorded; null where it failed. */
const recordedOutput = async (
  { store, experiment, snapshot, deal }: Context,
  index: number,
): Promise<string | null> => {
  const cell = deal.cell(index)
  const filter = {
    variant: snapshot.variants[cell.variant]?.name ?? '',
    model: snapshot.models[cell.model]?.id ?? '',
    case: snapshot.cases[cell.case]?.id ?? '',
  }
  const page = { after: -1, limit: snapshot.repetitions }
  const rows = await store.executions(experiment, filter, page)
  return rows.find((row) => row.repetition === cell.repetition)?.output ?? null
}

/** Answers what the thread may not do itself. */
export const replyTo = async (context: Context, ask: Ask): Promise<Reply> => {
  const { number } = ask
  if (ask.kind === 'regex') {
    const verdict = await context.services.matchRegex(ask.pattern, ask.flags, ask.text)
    return { number, kind: 'regex', verdict }
  }
  if (ask.kind === 'script')
    return { number, kind: 'script', verdict: await context.services.runScript(ask.code, ask.input) }
  return { number, kind: 'output', output: await recordedOutput(context, ask.cell) }
}
