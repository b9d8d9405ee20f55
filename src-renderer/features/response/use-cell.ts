import type { RunPlace } from '../../run/use-run.ts'
import { tellError } from '../../state/errors.ts'
import { useAct, useAsk } from '../../state/lab.tsx'
import { showToast } from '../../state/toasts.ts'
import { useChange } from '../../state/undo.ts'

type Change = {
  readonly rating?: { readonly passed: boolean } | null
  readonly excluded?: string | null
  readonly comment?: string | null
}

/** One answer of a run and what a person may say about it. Ratings are commands: Ctrl+Z takes them back. */
export const useCell = (place: RunPlace, cell: number) => {
  const { project, experiment } = place
  const asked = useAsk(
    ['ratings', project, experiment, 'cell', cell],
    (lab, signal) => lab.experiments.cell.query({ experiment, cell }, { signal }),
    { keep: true },
  )
  const annotate = useChange(project, (lab, change: Change) =>
    lab.experiments.annotate.mutate({ experiment, cells: [cell], change }),
  )
  const repeat = useAct((lab) => lab.experiments.retryFailed.mutate({ experiment }), {
    onDone: ({ cells }) =>
      showToast({ kind: 'done', text: `${cells} failed ${cells === 1 ? 'call is' : 'calls are'} asked again` }),
    onError: (error) => showToast({ kind: 'problem', text: tellError(error).what }),
  })
  return { asked, annotate, repeat }
}
