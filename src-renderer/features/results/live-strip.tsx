import type { ExperimentDetail } from '../../../src-main/workspace/experiment-types.ts'
import { formatCount, formatShare } from '../../components/format.ts'
import { Icon } from '../../components/icon.tsx'
import { runPath } from '../../run/address.ts'
import type { RunPlace } from '../../run/use-run.ts'
import classes from './results.module.css'

/** Says that figures are not final, and leads to the run. */
export const LiveStrip = (props: { readonly place: RunPlace; readonly detail: ExperimentDetail }) => {
  const { record, live } = props.detail
  if (record.results >= record.cells && !live) return null
  const share = record.cells === 0 ? 0 : record.results / record.cells
  return (
    <p className={classes.strip}>
      <Icon name={live ? 'play' : 'pause'} size="small" />
      <span>
        {live ? 'The run goes on' : 'The run has not finished'}: {formatCount(record.results)} of{' '}
        {formatCount(record.cells)} results ({formatShare(share, 0)}). Everything below is interim.
      </span>
      <a href={`#${runPath('live', props.place)}`}>{live ? 'Watch it' : 'Go on with it'}</a>
    </p>
  )
}
