import { Select } from '@mantine/core'
import { useState } from 'react'
import type { Combination } from '../../../src-core/domain/report.ts'
import type { ExperimentDetail } from '../../../src-main/workspace/experiment-types.ts'
import { Ask } from '../../components/ask.tsx'
import { Card, Row } from '../../components/card.tsx'
import { DataTable, type TableRange } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { navigate, useQueryParam } from '../../routing/route.ts'
import { cellParam, runPath } from '../../run/address.ts'
import { combinationName, sameCombination } from '../../run/combination.ts'
import { RunPage } from '../../run/run-page.tsx'
import { type RunPlace, useRunPlace } from '../../run/use-run.ts'
import { useShortcut } from '../../shortcuts/use-shortcut.ts'
import classes from './compare.module.css'
import { compareColumns } from './compare-columns.tsx'
import { Dumbbell } from './dumbbell.tsx'
import { KindPanel } from './kind-panel.tsx'
import { OutputDiff } from './output-diff.tsx'
import { PairedDifference } from './paired-difference.tsx'
import { useComparison, usePair } from './use-comparison.ts'

const Compare = () => {
  const place = useRunPlace()
  return (
    <RunPage at="compare" place={place}>
      {(detail) => <Chosen place={place} detail={detail} />}
    </RunPage>
  )
}

const Chosen = (props: { readonly place: RunPlace; readonly detail: ExperimentDetail }) => {
  const { place, detail } = props
  const pair = usePair(detail)
  const { baseline, candidate } = pair
  if (baseline === null || candidate === null)
    return (
      <EmptyState
        icon="compare"
        sentence="This run has one column: there is nothing to compare it with."
        action={{ label: 'See the results', run: () => navigate(runPath('results', place)) }}
      />
    )
  const options = detail.columns.map((column, index) => ({
    value: String(index),
    label: combinationName(column, detail.columns),
  }))
  const indexOf = (one: Combination): string =>
    String(detail.columns.findIndex((column) => sameCombination(column, one)))
  return (
    <div className={classes.screen}>
      <Row>
        <Select
          label="Baseline"
          data={options.filter(({ value }) => value !== indexOf(candidate))}
          value={indexOf(baseline)}
          onChange={(value) => pair.setBaseline(value ?? '')}
        />
        <Select
          label="Compared with it"
          data={options.filter(({ value }) => value !== indexOf(baseline))}
          value={indexOf(candidate)}
          onChange={(value) => pair.setCandidate(value ?? '')}
        />
      </Row>
      <p className={classes.note}>
        Both columns answered the same frozen cases and were scored by the same versions of the evaluators: they belong
        to one run.
      </p>
      <Pair
        key={`${indexOf(baseline)}:${indexOf(candidate)}`}
        place={place}
        detail={detail}
        baseline={baseline}
        candidate={candidate}
      />
    </div>
  )
}

const start: TableRange = { anchor: { row: 0, column: 0 }, active: { row: 0, column: 0 } }

const Pair = (props: {
  readonly place: RunPlace
  readonly detail: ExperimentDetail
  readonly baseline: Combination
  readonly candidate: Combination
}) => {
  const { place, detail, baseline, candidate } = props
  const list = useComparison(place, { baseline, candidate }, detail.live)
  const [range, setRange] = useState(start)
  const [inspected, setInspected] = useQueryParam(cellParam, '')
  const names = {
    baseline: combinationName(baseline, detail.columns),
    candidate: combinationName(candidate, detail.columns),
  }
  const active = list.rowAt(range.active.row)
  const open = ({ row, column }: TableRange['active']): void => {
    const one = list.rowAt(row)
    if (one !== undefined) setInspected(String((column === 2 || column === 5 ? one.baseline : one.candidate).cell))
  }
  const step = (by: number): void => {
    const to = { ...range.active, row: Math.min(list.total - 1, Math.max(0, range.active.row + by)) }
    setRange({ anchor: to, active: to })
    if (inspected !== '') open(to)
  }
  useShortcut('next', () => step(1), list.total > 0)
  useShortcut('previous', () => step(-1), list.total > 0)
  return (
    <Ask of={list.head} shape="block" count={2}>
      {(window) => (
        <>
          <KindPanel counts={window.counts} kind={list.kind} onKind={list.setKind} />
          <PairedDifference place={place} baseline={baseline} candidate={candidate} columns={detail.columns} />
          {window.total === 0 ? (
            <EmptyState
              icon="filter"
              sentence="No case is like this."
              action={{ label: 'Show all cases', run: () => list.setKind('all') }}
            />
          ) : (
            <div className={classes.halves}>
              <div className={classes.half}>
                <DataTable
                  label="Cases, baseline and candidate"
                  columns={compareColumns(names)}
                  rowCount={list.total}
                  rowAt={list.rowAt}
                  rowHeight={36}
                  height={12}
                  range={range}
                  onRange={setRange}
                  onVisible={list.onVisible}
                  onActivate={open}
                />
                {active === undefined ? null : <OutputDiff row={active} names={names} />}
              </div>
              <div className={classes.half}>
                <Card label="Dumbbell plot">
                  <Dumbbell rows={window.rows} total={window.total} names={names} />
                </Card>
              </div>
            </div>
          )}
        </>
      )}
    </Ask>
  )
}
export default Compare
