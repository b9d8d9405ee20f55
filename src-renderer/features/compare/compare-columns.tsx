import type { CompareRow } from '../../../src-main/workspace/experiment-types.ts'
import type { TableColumn } from '../../components/data-table.tsx'
import { formatDecimal } from '../../components/format.ts'
import { Icon } from '../../components/icon.tsx'
import classes from './compare.module.css'
import { kinds } from './kinds.ts'

const Side = (props: { readonly side: CompareRow['baseline'] }) => (
  <>
    {props.side.passed === null ? null : <Icon name={props.side.passed ? 'check' : 'close'} size="small" />}
    <span>{formatDecimal(props.side.score)}</span>
  </>
)

/** Its beginning; the whole of it stands in the diff below and in the inspector. */
const Answer = (props: { readonly side: CompareRow['baseline'] }) =>
  props.side.output === null ? (
    <span className={classes.note}>no answer</span>
  ) : (
    <span className={classes.answer}>{props.side.output.slice(0, 120)}</span>
  )

const signed = (value: number | null): string =>
  value === null ? '–' : `${value > 0 ? '+' : ''}${formatDecimal(value).replace('-', '−')}`

/** The baseline stays pinned at the left. */
export const compareColumns = (names: {
  readonly baseline: string
  readonly candidate: string
}): readonly TableColumn<CompareRow>[] => [
  {
    id: 'kind',
    header: 'What changed',
    width: 128,
    pinned: true,
    cell: (row) => (
      <span className={classes.kind} data-tone={kinds[row.kind].tone}>
        <Icon name={kinds[row.kind].icon} size="small" />
        {kinds[row.kind].one}
      </span>
    ),
  },
  { id: 'case', header: 'Case', width: 190, pinned: true, cell: (row) => <span title={row.label}>{row.case}</span> },
  {
    id: 'baseline',
    header: `Baseline: ${names.baseline}`,
    width: 150,
    align: 'end',
    pinned: true,
    cell: (row) => <Side side={row.baseline} />,
  },
  { id: 'candidate', header: names.candidate, width: 150, align: 'end', cell: (row) => <Side side={row.candidate} /> },
  { id: 'difference', header: 'Difference', width: 110, align: 'end', cell: (row) => signed(row.difference) },
  { id: 'before', header: `Answer of ${names.baseline}`, width: 260, cell: (row) => <Answer side={row.baseline} /> },
  { id: 'after', header: `Answer of ${names.candidate}`, width: 260, cell: (row) => <Answer side={row.candidate} /> },
]
