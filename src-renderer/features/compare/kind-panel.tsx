import type { CompareKind, CompareWindow } from '../../../src-main/workspace/experiment-types.ts'
import { formatCount } from '../../components/format.ts'
import { Icon } from '../../components/icon.tsx'
import classes from './compare.module.css'
import { kindOrder, kinds } from './kinds.ts'

/** How many cases got worse, better, stayed, or have no pair: each is a filter of the list below. */
export const KindPanel = (props: {
  readonly counts: CompareWindow['counts']
  readonly kind: CompareKind
  readonly onKind: (kind: CompareKind) => void
}) => (
  <div className={classes.kinds} role="group" aria-label="Cases by what changed">
    {kindOrder.map((kind) => (
      <button
        key={kind}
        type="button"
        data-tone={kinds[kind].tone}
        aria-pressed={props.kind === kind}
        onClick={() => props.onKind(kind)}
      >
        <span className={classes.kindName}>
          <Icon name={kinds[kind].icon} size="small" />
          {kinds[kind].many}
        </span>
        <strong>{formatCount(props.counts[kind])}</strong>
        <span className={classes.note}>{kinds[kind].meaning}</span>
      </button>
    ))}
  </div>
)
