import type { CompareRow } from '../../../src-main/workspace/experiment-types.ts'
import { DiffView } from '../../components/diff-view.tsx'
import classes from './compare.module.css'

/** What the candidate said otherwise than the baseline, in the case under the cursor. */
export const OutputDiff = (props: {
  readonly row: CompareRow
  readonly names: { readonly baseline: string; readonly candidate: string }
}) => {
  const { row, names } = props
  const { output: before } = row.baseline
  const { output: after } = row.candidate
  return (
    <section className={classes.diff} aria-label="Difference of the answers">
      <h2 className={classes.heading}>
        {row.case}: from {names.baseline} to {names.candidate}
      </h2>
      {before === null || after === null ? (
        <p className={classes.note}>
          {before === null && after === null
            ? 'Neither side has an answer to this case.'
            : `${before === null ? names.baseline : names.candidate} has no answer to this case.`}
        </p>
      ) : (
        <DiffView before={before} after={after} label={`Answers to ${row.case}`} />
      )}
    </section>
  )
}
