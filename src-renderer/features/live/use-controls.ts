import { useQueryClient } from '@tanstack/react-query'
import type { RunStarted } from '../../../src-main/workspace/experiment-types.ts'
import { tellError } from '../../state/errors.ts'
import { type LabClient, useAct } from '../../state/lab.tsx'
import { showToast } from '../../state/toasts.ts'

export type BudgetInput = {
  readonly calls?: number
  readonly tokens?: number
  readonly usd?: number
  readonly minutes?: number
}

/** What can be done to a run. `onContinued`: it goes on, as a new session. */
export const useControls = (experiment: string, onContinued: () => void) => {
  const queries = useQueryClient()
  const refresh = (): void => void queries.invalidateQueries({ queryKey: ['run', experiment] })
  const onError = (error: unknown): void => {
    const { what, next } = tellError(error)
    showToast({ kind: 'problem', text: `${what} ${next}` })
    refresh()
  }
  const useStep = <Input>(act: (lab: LabClient, input: Input) => Promise<unknown>) =>
    useAct<Input>(act, { onDone: refresh, onError })
  const useStart = <Input, Output extends RunStarted>(act: (lab: LabClient, input: Input) => Promise<Output>) =>
    useAct<Input, Output>(act, {
      onDone: ({ warnings }) => {
        for (const text of warnings) showToast({ kind: 'note', text })
        refresh()
        onContinued()
      },
      onError,
    })
  return {
    pause: useStep<void>((lab) => lab.experiments.pause.mutate({ experiment })),
    unpause: useStep<void>((lab) => lab.experiments.unpause.mutate({ experiment })),
    stop: useStep<'finish' | 'now'>((lab, how) => lab.experiments.stop.mutate({ experiment, how })),
    resume: useStart<void, RunStarted>((lab) => lab.experiments.resume.mutate({ experiment })),
    retryFailed: useStart<void, RunStarted>((lab) => lab.experiments.retryFailed.mutate({ experiment })),
    raiseCap: useStart((lab, budget: BudgetInput) => lab.experiments.raiseCap.mutate({ experiment, budget })),
  }
}
export type Controls = ReturnType<typeof useControls>
