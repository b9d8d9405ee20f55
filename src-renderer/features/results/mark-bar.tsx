import { Button, Modal, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { MatrixCell } from '../../../src-main/workspace/experiment-types.ts'
import { Muted, Row } from '../../components/card.tsx'
import { formatCount, plural } from '../../components/format.ts'
import { Icon } from '../../components/icon.tsx'
import type { RunPlace } from '../../run/use-run.ts'
import type { LabClient } from '../../state/lab.tsx'
import { useChange } from '../../state/undo.ts'
import { mostCells } from './block-cells.ts'

type Change = { readonly rating?: { readonly passed: boolean } | null; readonly excluded?: string | null }

/** All repetitions of the marked cells: a rating of a cell of the matrix is a rating of every answer it stands for. */
const answersOf = async (lab: LabClient, experiment: string, cells: readonly MatrixCell[]): Promise<number[]> => {
  const numbers: number[] = []
  for (const cell of cells) {
    if (cell.total === 1) numbers.push(cell.cell)
    else {
      const { repetitions } = await lab.experiments.cell.query({ experiment, cell: cell.cell })
      numbers.push(...repetitions.filter(({ passed }) => passed !== null).map((one) => one.cell))
    }
  }
  return numbers
}

/** Rates or excludes everything in the selected block at once; one undo step. */
export const MarkBar = (props: {
  readonly place: RunPlace
  readonly cells: readonly MatrixCell[]
  readonly missing: number
  readonly tooMany: boolean
}) => {
  const { project, experiment } = props.place
  const [asking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const cells = props.cells.filter(({ recorded }) => recorded > 0)
  const mark = useChange(
    project,
    async (lab, change: Change) =>
      lab.experiments.annotate.mutate({ experiment, cells: await answersOf(lab, experiment, cells), change }),
    { undoable: () => `${plural(cells.length, 'cell')} marked` },
  )
  const { tooMany, missing } = props
  const off = cells.length === 0 || tooMany || missing > 0 || mark.isPending
  return (
    <Row>
      <Muted small>
        {tooMany
          ? `Mark at most ${formatCount(mostCells)} cells at once`
          : missing > 0
            ? 'Fetching the selected cells'
            : cells.length === 0
              ? 'Select cells to rate them'
              : `${plural(cells.length, 'cell')} selected`}
      </Muted>
      <Button
        size="xs"
        variant="default"
        disabled={off}
        leftSection={<Icon name="check" size="small" />}
        onClick={() => mark.mutate({ rating: { passed: true } })}
      >
        Rate pass
      </Button>
      <Button
        size="xs"
        variant="default"
        disabled={off}
        leftSection={<Icon name="close" size="small" />}
        onClick={() => mark.mutate({ rating: { passed: false } })}
      >
        Rate fail
      </Button>
      <Button
        size="xs"
        variant="default"
        disabled={off || !cells.some(({ rated }) => rated)}
        onClick={() => mark.mutate({ rating: null })}
      >
        Clear ratings
      </Button>
      {cells.some(({ excluded }) => excluded) ? (
        <Button size="xs" variant="default" disabled={off} onClick={() => mark.mutate({ excluded: null })}>
          Include again
        </Button>
      ) : (
        <Button size="xs" variant="default" disabled={off} onClick={() => setAsking(true)}>
          Exclude…
        </Button>
      )}
      <Modal opened={asking} onClose={() => setAsking(false)} title={`Exclude ${plural(cells.length, 'cell')}`}>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            mark.mutate({ excluded: reason.trim() })
            setAsking(false)
            setReason('')
          }}
        >
          <TextInput
            label="Why are they left out?"
            description="Exclusions are counted in the report, with their reasons."
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            data-autofocus
          />
          <Row>
            <Button mt="md" type="submit" disabled={reason.trim() === ''}>
              Exclude
            </Button>
          </Row>
        </form>
      </Modal>
    </Row>
  )
}
