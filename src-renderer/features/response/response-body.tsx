import type { CellDetail } from '../../../src-main/workspace/experiment-types.ts'
import { Column, Row } from '../../components/card.tsx'
import { Badge } from '../../components/verdict-badge.tsx'
import { navigate } from '../../routing/route.ts'
import type { RunPlace } from '../../run/use-run.ts'
import { AttemptList, JudgeList } from './ledger.tsx'
import { Measured } from './measured.tsx'
import { Output } from './output.tsx'
import { Part } from './part.tsx'
import { Rating } from './rating.tsx'
import { RequestView } from './request-view.tsx'
import classes from './response.module.css'
import { ScoreList } from './score-list.tsx'
import type { useCell } from './use-cell.ts'

/** Truncated answers carry a red tag and are never shown as successes, whatever the evaluators said. */
const Outcome = (props: { readonly cell: CellDetail }) => {
  const { cell } = props
  if (!cell.recorded) return <Badge tone="plain" icon="history" label="no result yet" />
  return (
    <>
      {cell.failure !== null ? (
        <Badge tone="bad" icon="alert" label={`no answer: ${cell.failure.code}`} />
      ) : cell.passed === true && cell.truncated ? (
        <Badge tone="plain" label="scored as pass" />
      ) : cell.passed === true ? (
        <Badge tone="good" icon="check" label="pass" />
      ) : (
        <Badge tone="bad" icon="close" label="fail" />
      )}
      {cell.truncated ? <Badge tone="bad" icon="alert" label="truncated" title="The answer was cut short" /> : null}
      {cell.fromCache ? <Badge tone="plain" icon="database" label="from the cache" /> : null}
      {cell.annotation?.rating == null ? null : <Badge tone="info" icon="edit" label="rated by a person" />}
      {cell.annotation?.excluded == null ? null : <Badge tone="warn" icon="minus" label="excluded" />}
    </>
  )
}

const Repetitions = (props: { readonly cell: CellDetail; readonly onCell: (cell: number) => void }) => (
  <nav className={classes.repetitions} aria-label="Repetitions of this case">
    {props.cell.repetitions.map((one) => (
      <button
        key={one.cell}
        type="button"
        aria-current={one.cell === props.cell.cell || undefined}
        aria-label={`Repetition ${one.repetition}, ${one.passed === null ? 'no result yet' : one.passed ? 'pass' : 'fail'}`}
        onClick={() => props.onCell(one.cell)}
      >
        {one.repetition} {one.passed === null ? '·' : one.passed ? '✓' : '✕'}
      </button>
    ))}
  </nav>
)

export const ResponseBody = (props: {
  readonly place: RunPlace
  readonly cell: CellDetail
  readonly model: ReturnType<typeof useCell>
  /** Absent on the page of its own, which changes its address instead. */
  readonly onCell?: (cell: number) => void
  readonly wide?: boolean
}) => {
  const { cell, place } = props
  const pagePath = (number: number): string =>
    `/p/${place.project}/response/${encodeURIComponent(place.experiment)}/${number}`
  const onCell = props.onCell ?? ((number: number) => navigate(pagePath(number), { replace: true }))
  return (
    <div className={classes.body} data-wide={props.wide === true || undefined}>
      <Column>
        <div>
          <p className={classes.title}>
            <strong>{cell.case}</strong> · {cell.variant} <span className={classes.soft}>v{cell.version}</span> ·{' '}
            {cell.model}
          </p>
          <Row>
            <Outcome cell={cell} />
          </Row>
        </div>
        {cell.repetitions.length > 1 ? <Repetitions cell={cell} onCell={onCell} /> : null}
        <Output cell={cell} />
        <Rating key={cell.cell} cell={cell} model={props.model} />
        <ScoreList cell={cell} />
      </Column>
      <Column>
        <Measured cell={cell} />
        <RequestView cell={cell} />
        {cell.judges.length === 0 ? null : <JudgeList judges={cell.judges} />}
        <AttemptList attempts={cell.attempts} />
        {props.wide === true ? null : (
          <Part title="More">
            <a className={classes.link} href={`#${pagePath(cell.cell)}`}>
              Open on a page of its own
            </a>
          </Part>
        )}
      </Column>
    </div>
  )
}
