import { useParams } from '../routing/params.tsx'
import { useAsk } from '../state/lab.tsx'
import { useProject } from '../state/project.ts'

export type RunPlace = { readonly project: number; readonly experiment: string }

/** The run of the address; screens with `:experiment` in their path may rely on it. */
export const useRunPlace = (): RunPlace => {
  const project = useProject()
  const { experiment } = useParams()
  if (experiment === undefined) throw new Error('this screen stands outside a run')
  return { project, experiment }
}

/** The frozen setup of a run and where it stands; asked again while the run goes on. */
export const useRun = ({ experiment }: RunPlace) => {
  const asked = useAsk(['run', experiment], (lab, signal) => lab.experiments.get.query({ experiment }, { signal }), {
    staleMs: 1_000,
  })
  const live = asked.data?.live === true
  useAsk(['run', experiment], (lab, signal) => lab.experiments.get.query({ experiment }, { signal }), {
    enabled: live,
    everyMs: 2_000,
  })
  return asked
}
