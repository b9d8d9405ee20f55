import { useDebouncedValue } from '@mantine/hooks'
import type { Combination } from '../../../src-core/domain/report.ts'
import {
  type CompareKind,
  type CompareRow,
  type CompareWindow,
  compareKinds,
  type ExperimentDetail,
} from '../../../src-main/workspace/experiment-types.ts'
import { useQueryParam } from '../../routing/route.ts'
import { columnAt, sameCombination } from '../../run/combination.ts'
import { usePages } from '../../run/use-pages.ts'
import type { RunPlace } from '../../run/use-run.ts'

const isKind = (text: string): text is CompareKind => compareKinds.some((kind) => kind === text)

/** Who is compared with whom, from the address; at first the run's baseline and the first other column on its model. */
export const usePair = (detail: ExperimentDetail) => {
  const [baselineText, setBaseline] = useQueryParam('baseline', '')
  const [candidateText, setCandidate] = useQueryParam('candidate', '')
  const { columns } = detail
  const registered = Math.max(
    0,
    columns.findIndex(({ variant }) => variant === detail.baseline),
  )
  const baseline = columnAt(columns, baselineText, registered)
  const other = columns.findIndex(
    (column) => baseline !== null && column.model === baseline.model && column.variant !== baseline.variant,
  )
  const fallback =
    other === -1 ? columns.findIndex((column) => baseline !== null && !sameCombination(column, baseline)) : other
  const chosen = columnAt(columns, candidateText, fallback)
  // Asked to compare a column with itself (Ctrl+D on the baseline): the fallback says more.
  const candidate =
    chosen !== null && baseline !== null && sameCombination(chosen, baseline) ? (columns[fallback] ?? null) : chosen
  return { baseline, candidate, setBaseline, setCandidate }
}

export const useComparison = (
  place: RunPlace,
  pair: { readonly baseline: Combination; readonly candidate: Combination },
  live: boolean,
) => {
  const { project, experiment } = place
  const { baseline, candidate } = pair
  const [kindText, setKind] = useQueryParam('kind', 'all')
  const [text, setText] = useQueryParam('find', '')
  const [asked] = useDebouncedValue(text, 150)
  const kind = isKind(kindText) ? kindText : 'all'
  const names = [baseline.variant, baseline.model, candidate.variant, candidate.model]
  const rows = usePages<CompareRow, CompareWindow>({
    key: ['ratings', project, experiment, 'compare', ...names, kind, asked],
    ask: (lab, page, signal) =>
      lab.experiments.compare.query(
        { experiment, baseline, candidate, kind, ...(asked === '' ? {} : { text: asked }), ...page },
        { signal },
      ),
    everyMs: live ? 2_000 : undefined,
  })
  return { ...rows, kind, setKind, text, setText }
}
