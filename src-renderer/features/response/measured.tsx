import type { CellDetail } from '../../../src-main/workspace/experiment-types.ts'
import { Facts } from '../../components/card.tsx'
import { formatCount, formatDateTime, formatDuration, formatUsd } from '../../components/format.ts'
import { Part } from './part.tsx'

const tokensText = ({ tokens }: CellDetail): string => {
  const cached = tokens.cached === null || tokens.cached === 0 ? '' : ` (${formatCount(tokens.cached)} cached)`
  return `${formatCount(tokens.input)} in${cached}, ${formatCount(tokens.output)} out`
}

/** Tokens, money and times of the call. Queueing and loading are told apart from the model's own time. */
export const Measured = (props: { readonly cell: CellDetail }) => {
  const { cell } = props
  const { timings } = cell
  return (
    <Part title="Measured">
      <Facts
        facts={[
          { label: 'Finish reason', value: cell.finishReason ?? 'none' },
          { label: 'Tokens', value: tokensText(cell) },
          { label: 'Cost', value: formatUsd(cell.costUsd) },
          {
            label: 'Latency',
            value: `${formatDuration(timings.latencyMs)}${timings.batched ? ', in a batch with others' : ''}`,
          },
          { label: 'First token', value: formatDuration(timings.firstTokenMs) },
          { label: 'Generation', value: formatDuration(timings.generationMs) },
          { label: 'Waited', value: formatDuration(timings.queueMs) },
          { label: 'Served by', value: cell.servedModel ?? 'not told' },
          { label: 'Asked at', value: cell.startedAt === null ? 'not yet' : formatDateTime(cell.startedAt) },
        ]}
      />
    </Part>
  )
}
