import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import type { CellDetail } from '../../../src-main/workspace/experiment-types.ts'
import { Formatted } from './formatted.tsx'
import { Part, Plain } from './part.tsx'
import classes from './response.module.css'

const expectedText = (expected: CellDetail['expected']): string =>
  expected.map((value) => (typeof value === 'string' ? value : JSON.stringify(value, null, 2))).join('\nor\n')

/** What the model said: plain unless a person asks for the safe subset of Markdown. */
export const Output = (props: { readonly cell: CellDetail }) => {
  const { cell } = props
  const [view, setView] = useState<'plain' | 'formatted'>('plain')
  return (
    <Part
      title="Response"
      actions={
        cell.output === null || cell.output === '' ? null : (
          <SegmentedControl
            size="xs"
            aria-label="Show the response as"
            value={view}
            onChange={(value) => setView(value === 'formatted' ? 'formatted' : 'plain')}
            data={[
              { value: 'plain', label: 'Plain' },
              { value: 'formatted', label: 'Formatted' },
            ]}
          />
        )
      }
    >
      {cell.truncated ? (
        <p className={classes.bad}>
          {cell.finishReason === 'length'
            ? 'This answer was cut short by the token limit: the scores are of what came before the cut.'
            : 'This answer was cut short: it counts as a failure.'}
        </p>
      ) : null}
      {cell.failure === null ? null : <p className={classes.bad}>{cell.failure.message}</p>}
      {cell.output === null ? (
        <p className={classes.soft}>{cell.recorded ? 'There is no answer.' : 'The answer has not come yet.'}</p>
      ) : cell.output === '' ? (
        <p className={classes.soft}>The model answered with an empty text.</p>
      ) : view === 'plain' ? (
        <Plain text={cell.output} label="Response text" />
      ) : (
        <Formatted text={cell.output} />
      )}
      {cell.expected.length === 0 ? null : (
        <>
          <h4 className={classes.small}>Expected</h4>
          <Plain text={expectedText(cell.expected)} label="Expected" />
        </>
      )}
    </Part>
  )
}
