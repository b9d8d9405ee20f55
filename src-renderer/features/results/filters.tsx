import { Button, Select, TextInput } from '@mantine/core'
import { useRef } from 'react'
import type { MatrixWindow } from '../../../src-main/workspace/experiment-types.ts'
import { matrixModes } from '../../../src-main/workspace/experiment-types.ts'
import { Row } from '../../components/card.tsx'
import { formatCount } from '../../components/format.ts'
import { Icon } from '../../components/icon.tsx'
import { useShortcut } from '../../shortcuts/use-shortcut.ts'
import { useAsk } from '../../state/lab.tsx'
import classes from './results.module.css'
import type { MatrixView } from './use-matrix.ts'

const names = {
  all: 'All',
  failures: 'Failures',
  passes: 'Passes',
  errors: 'Errors',
  different: 'Different',
  flaky: 'Flaky',
  regressed: 'Regressed',
} as const
const meanings = {
  all: 'Every case',
  failures: 'Cases that some column does not pass',
  passes: 'Cases that every column passes',
  errors: 'Cases without an answer in some column',
  different: 'Cases on which columns disagree',
  flaky: 'Cases whose repetitions disagree',
  regressed: 'Cases that are worse than the baseline somewhere',
} as const

/** Which cases are shown: by outcome, by words, by tag. */
export const Filters = (props: {
  readonly project: number
  readonly view: MatrixView
  readonly window: MatrixWindow | undefined
}) => {
  const { view, window: shown } = props
  const search = useRef<HTMLInputElement>(null)
  useShortcut('filter', () => search.current?.focus())
  const tags = useAsk(['cases', props.project, 'tags'], (lab, signal) =>
    lab.cases.tags.query({ project: props.project }, { signal }),
  )
  const known = tags.data?.tags ?? []
  const filtered = view.mode !== 'all' || view.text !== '' || view.tag !== '' || view.sort !== null
  return (
    <Row>
      <div className={classes.modes} role="group" aria-label="Show cases">
        {matrixModes.map((mode) => (
          <button
            key={mode}
            type="button"
            aria-pressed={view.mode === mode}
            title={meanings[mode]}
            onClick={() => view.setMode(mode)}
          >
            {names[mode]}{' '}
            <span className={classes.count}>{shown === undefined ? '' : formatCount(shown.counts[mode])}</span>
          </button>
        ))}
      </div>
      <TextInput
        ref={search}
        aria-label="Find in cases and answers"
        placeholder="Find in cases and answers"
        leftSection={<Icon name="search" size="small" />}
        value={view.text}
        onChange={(event) => view.setText(event.currentTarget.value)}
      />
      {known.length === 0 ? null : (
        <Select
          aria-label="Tag"
          placeholder="Any tag"
          data={[
            { value: '', label: 'Any tag' },
            ...known.map(({ tag, count }) => ({ value: tag, label: `${tag} (${formatCount(count)})` })),
          ]}
          value={view.tag}
          onChange={(tag) => view.setTag(tag ?? '')}
        />
      )}
      {filtered ? (
        <Button
          variant="subtle"
          onClick={() => {
            view.setMode('all')
            view.setText('')
            view.setTag('')
            view.setSort(null)
          }}
        >
          Show all
        </Button>
      ) : null}
    </Row>
  )
}
