import { Button } from '@mantine/core'
import { useState } from 'react'
import type { ExperimentDetail, LiveState } from '../../../src-main/workspace/experiment-types.ts'
import { Row } from '../../components/card.tsx'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { plural } from '../../components/format.ts'
import { Icon } from '../../components/icon.tsx'
import { Keys } from '../../components/keys.tsx'
import { useShortcut } from '../../shortcuts/use-shortcut.ts'
import { RaiseCap } from './raise-cap.tsx'
import type { Controls } from './use-controls.ts'

/** Pause, go on, stop, ask failed calls again, raise the cap: whichever the run's state allows. */
export const ControlBar = (props: {
  readonly detail: ExperimentDetail
  readonly state: LiveState
  readonly controls: Controls
}) => {
  const { detail, state, controls } = props
  const { record } = detail
  const [stopping, setStopping] = useState(false)
  const [raising, setRaising] = useState(false)
  const going = state === 'running' || state === 'paused'
  // A run that its cap ended would end again at once: it is the cap that must be raised.
  const capped = state === 'ended' && record.status === 'budget'
  const open = state === 'ended' && record.results < record.cells && !capped
  const toggle = (): void => {
    if (state === 'running') controls.pause.mutate()
    else if (state === 'paused') controls.unpause.mutate()
    else if (open) controls.resume.mutate()
  }
  useShortcut('pause', toggle, going || open)
  useShortcut('cancel', () => setStopping(true), going)
  return (
    <Row>
      {state === 'running' ? (
        <Button
          variant="default"
          leftSection={<Icon name="pause" />}
          rightSection={<Keys of="pause" />}
          loading={controls.pause.isPending}
          onClick={toggle}
        >
          Pause
        </Button>
      ) : null}
      {state === 'paused' || open ? (
        <Button
          leftSection={<Icon name="play" />}
          rightSection={<Keys of="pause" />}
          loading={controls.unpause.isPending || controls.resume.isPending}
          onClick={toggle}
        >
          Resume
        </Button>
      ) : null}
      {going ? (
        <Button variant="default" leftSection={<Icon name="stop" />} onClick={() => setStopping(true)}>
          Stop…
        </Button>
      ) : null}
      {state === 'ended' && record.failed > 0 ? (
        <Button
          variant="default"
          leftSection={<Icon name="refresh" />}
          loading={controls.retryFailed.isPending}
          onClick={() => controls.retryFailed.mutate()}
        >
          {`Retry ${plural(record.failed, 'failed cell')}`}
        </Button>
      ) : null}
      {going || capped ? (
        <Button variant={capped ? 'filled' : 'default'} onClick={() => setRaising(true)}>
          Raise the cap…
        </Button>
      ) : null}
      <ConfirmDialog
        opened={stopping && going}
        title="Stop this run?"
        confirmLabel="Stop now"
        dangerous
        cancelLabel="Keep running"
        other={{
          label: 'Finish what is under way',
          run: () => {
            controls.stop.mutate('finish')
            setStopping(false)
          },
        }}
        onConfirm={() => {
          controls.stop.mutate('now')
          setStopping(false)
        }}
        onCancel={() => setStopping(false)}
      >
        Results so far are kept and the run can be resumed. Stopping now aborts requests under way: they may still cost
        what they were sent for.
      </ConfirmDialog>
      {raising ? <RaiseCap budget={detail.budget} controls={controls} onClose={() => setRaising(false)} /> : null}
    </Row>
  )
}
