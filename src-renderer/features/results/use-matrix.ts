import { useDebouncedValue } from '@mantine/hooks'
import type { ExperimentDetail, MatrixRow, MatrixWindow } from '../../../src-main/workspace/experiment-types.ts'
import { type MatrixMode, matrixModes } from '../../../src-main/workspace/experiment-types.ts'
import type { TableRange, TableSort } from '../../components/data-table.tsx'
import { rangeOf } from '../../components/grid-keys.ts'
import { useQueryParam } from '../../routing/route.ts'
import { usePages } from '../../run/use-pages.ts'
import type { RunPlace } from '../../run/use-run.ts'
import { mostCells } from './block-cells.ts'

const isMode = (text: string): text is MatrixMode => matrixModes.some((mode) => mode === text)

/** The view of the matrix as the address holds it: mode, search, tag, order, baseline. */
export const useMatrixView = () => {
  const [mode, setMode] = useQueryParam('mode', 'all')
  const [text, setText] = useQueryParam('find', '')
  const [tag, setTag] = useQueryParam('tag', '')
  const [order, setOrder] = useQueryParam('sort', '')
  const [column, direction] = order.split('.')
  const sort: TableSort | null =
    column === undefined || column === '' || (direction !== 'ascending' && direction !== 'descending')
      ? null
      : { column, direction }
  return {
    mode: isMode(mode) ? mode : ('all' as const),
    setMode,
    text,
    setText,
    tag,
    setTag,
    sort,
    setSort: (next: TableSort | null) => setOrder(next === null ? '' : `${next.column}.${next.direction}`),
  }
}
export type MatrixView = ReturnType<typeof useMatrixView>

/** Columns of the grid are named by their place in the run: `c0`, `c1`, ... */
export const columnId = (index: number): string => `c${index}`

/** Rows of the matrix in sight. While the run goes on they are asked again every two seconds. */
export const useMatrix = (
  place: RunPlace,
  detail: ExperimentDetail,
  options: { readonly view: MatrixView; readonly range: TableRange },
) => {
  const { view, range } = options
  const { top, bottom } = rangeOf(range.anchor, range.active)
  const [text] = useDebouncedValue(view.text, 150)
  const { mode, tag, sort } = view
  const sorted = sort === null ? undefined : detail.columns[Number(sort.column.slice(1))]
  const { project, experiment } = place
  return usePages<MatrixRow, MatrixWindow>({
    key: ['ratings', project, experiment, 'matrix', mode, text, tag, sort?.column ?? '', sort?.direction ?? ''],
    ask: (lab, page, signal) =>
      lab.experiments.matrix.query(
        {
          experiment,
          mode,
          ...(text === '' ? {} : { text }),
          ...(tag === '' ? {} : { tag }),
          ...(sorted === undefined || sort === null ? {} : { sort: { column: sorted, direction: sort.direction } }),
          ...page,
        },
        { signal },
      ),
    hold: bottom - top < mostCells ? [top, bottom] : null,
    everyMs: detail.live ? 2_000 : undefined,
  })
}
