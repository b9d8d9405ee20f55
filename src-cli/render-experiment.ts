import type { ExperimentRecord, ExperimentSnapshot } from '../src-core/domain/experiment.ts'
import type { LedgerTotals } from '../src-core/ports/store.ts'
import type { Paint } from './output.ts'

const usd = (value: number | null): string =>
  value === null ? 'unknown' : `$${value.toFixed(value !== 0 && value < 0.01 ? 6 : 2)}`

/** What was frozen before the first call and where the run stands. */
export const renderExperiment = (
  record: ExperimentRecord,
  snapshot: ExperimentSnapshot,
  ledger: LedgerTotals,
  paint: Paint,
): string => {
  const { analysis } = snapshot
  const models = snapshot.models
    .filter((model) => model.experiment)
    .map((model) => `${model.id} (${model.provider} ${model.model})`)
  const rows: readonly (readonly [string, string])[] = [
    ['status', `${record.status}, ${record.results} of ${record.cells} cells, ${record.failed} failed`],
    ['started', record.startedAt],
    ['prompts', snapshot.variants.map((variant) => `${variant.name}@${variant.version}`).join(', ')],
    ['baseline', snapshot.baseline],
    ['models', models.join(', ')],
    ['cases', `${snapshot.cases.length}, repetitions ${snapshot.repetitions}, seed ${snapshot.seed}`],
    ['evaluators', snapshot.evaluators.map((evaluator) => evaluator.name).join(', ')],
    [
      'analysis',
      `${analysis.primary}, alpha ${analysis.alpha}, margin ${analysis.margin}, smallest effect of interest ${analysis.mde}, ${analysis.family}, ${analysis.design}`,
    ],
    [
      'ledger',
      `${ledger.calls} calls, ${ledger.attempts} attempts, ${ledger.cached} from the cache, ${ledger.unknown} of unknown fate`,
    ],
    ['spent', `${usd(ledger.spentUsd)}, unconfirmed ${usd(ledger.unconfirmedUsd)}`],
    ['snapshot', record.snapshotHash],
  ]
  return [
    paint('bold', `${record.project} · ${record.id}`),
    ...rows.map(([name, value]) => `  ${name.padEnd(10)}  ${value}`),
  ].join('\n')
}
