import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ExperimentDetail } from '../../../src-main/workspace/experiment-types.ts'
import { Card, Row } from '../../components/card.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { formatUsd } from '../../components/format.ts'
import { Icon } from '../../components/icon.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { Badge } from '../../components/verdict-badge.tsx'
import { navigate, useQueryParam } from '../../routing/route.ts'
import { cellParam, runPath } from '../../run/address.ts'
import { RunPage } from '../../run/run-page.tsx'
import { type RunPlace, useRunPlace } from '../../run/use-run.ts'
import { tellError } from '../../state/errors.ts'
import { ControlBar } from './control-bar.tsx'
import { Curve } from './curve.tsx'
import { EventLog, FailureGroups } from './event-log.tsx'
import type { LiveView } from './fold-live.ts'
import { Headline } from './headline.tsx'
import { LiveHeatMap } from './heat-map.tsx'
import { Interim } from './interim.tsx'
import classes from './live.module.css'
import { RecentCells } from './recent-cells.tsx'
import { useControls } from './use-controls.ts'
import { useLive } from './use-live.ts'

const Live = () => {
  const place = useRunPlace()
  return (
    <RunPage at="live" place={place}>
      {(detail) => <Run key={place.experiment} place={place} detail={detail} />}
    </RunPage>
  )
}

const states = {
  paused: { tone: 'warn', icon: 'pause', label: 'Paused' },
  stopping: { tone: 'warn', icon: 'stop', label: 'Stopping: what is under way is finished' },
} as const

const Run = (props: { readonly place: RunPlace; readonly detail: ExperimentDetail }) => {
  const { place, detail } = props
  const [session, setSession] = useState(0)
  const { view, error } = useLive(place.experiment, session)
  const queries = useQueryClient()
  const controls = useControls(place.experiment, () => setSession((now) => now + 1))
  const state = view?.state ?? null
  useEffect(() => {
    if (state === 'ended') void queries.invalidateQueries({ queryKey: ['run', place.experiment] })
  }, [queries, state, place.experiment])
  if (view === null) {
    if (error === null) return <Skeleton shape="block" count={2} label="Joining the run" />
    const story = tellError(error)
    return (
      <ErrorState
        what={story.what}
        safe={story.safe}
        next={story.next}
        detail={story.detail}
        onRetry={() => setSession(session + 1)}
      />
    )
  }
  return (
    <div className={classes.screen}>
      <Card label="Progress">
        <Row apart>
          <div role="status">
            {view.state === 'paused' || view.state === 'stopping' ? <Badge {...states[view.state]} /> : null}
            {view.cause === null ? null : <span className={classes.cause}>{view.cause.message}</span>}
          </div>
          <Row>
            <ControlBar detail={detail} state={view.state} controls={controls} />
            {view.state === 'ended' && detail.record.results > 0 ? (
              <Button
                variant={detail.record.results < detail.record.cells ? 'default' : 'filled'}
                leftSection={<Icon name="grid" />}
                onClick={() => navigate(runPath('results', place))}
              >
                See the results
              </Button>
            ) : null}
          </Row>
        </Row>
        <div className={classes.progress}>
          <Headline view={view} />
          <FailureGroups failures={view.progress?.failures ?? {}} />
        </div>
      </Card>
      <Panels place={place} view={view} />
    </div>
  )
}

const Panels = (props: { readonly place: RunPlace; readonly view: LiveView }) => {
  const { view } = props
  const [chosen, setChosen] = useQueryParam(cellParam, '')
  const rates = view.samples.flatMap(({ elapsedMs, cellsPerSecond }) =>
    cellsPerSecond === null ? [] : [{ elapsedMs, value: cellsPerSecond }],
  )
  const spent = view.samples.flatMap(({ elapsedMs, spentUsd }) =>
    spentUsd === null ? [] : [{ elapsedMs, value: spentUsd }],
  )
  const costs = spent.length > 1 && ((spent.at(-1)?.value ?? 0) > 0 || view.budget.usd !== null)
  return (
    <div className={classes.panels}>
      <div className={classes.main}>
        <Card label="Heat map">
          <LiveHeatMap heat={view.heat} />
        </Card>
        {/* An ended run is told by its report; only what this window watched is worth keeping here. */}
        {view.state === 'ended' && view.interim.every(({ ci }) => ci === null) ? null : (
          <Card label="Quality so far">
            <Interim interim={view.interim} ended={view.state === 'ended'} />
          </Card>
        )}
        {rates.length > 1 ? (
          <Card label="Throughput over time">
            <Curve
              title="Throughput"
              summary="Cells per second since this window joined the run."
              unit="Cells per second"
              points={rates}
              format={(value) => String(Number(value.toPrecision(3)))}
            />
          </Card>
        ) : null}
        {costs ? (
          <Card label="Money over time">
            <Curve
              title="Spent"
              summary="Money since this window joined the run, against the cap where there is one."
              unit="US dollars"
              points={spent}
              format={formatUsd}
              area
              limit={view.budget.usd}
            />
          </Card>
        ) : null}
      </div>
      <div className={classes.side}>
        <Card label="Newest results">
          <h2 className={classes.heading}>Newest results</h2>
          {view.recent.length === 0 ? (
            <p className={classes.note}>
              {view.state === 'ended' ? (
                <>
                  No result came in while this window watched.{' '}
                  <a href={`#${runPath('results', props.place)}`}>All results</a>
                </>
              ) : (
                'The first results appear here as they come.'
              )}
            </p>
          ) : (
            <RecentCells
              recent={view.recent}
              columns={view.heat.columns}
              chosen={chosen}
              onOpen={(cell) => setChosen(String(cell))}
            />
          )}
        </Card>
        <Card label="Events">
          <h2 className={classes.heading}>Events</h2>
          {view.log.length === 0 ? <p className={classes.note}>Nothing to tell.</p> : <EventLog log={view.log} />}
        </Card>
      </div>
    </div>
  )
}
export default Live
