import type { QueryClient } from '@tanstack/react-query'
import { addressOf, addressOfScreen, projectHome } from '../../routing/address.ts'
import { navigate } from '../../routing/route.ts'
import type { LabClient } from '../../state/lab.tsx'

/** Opens a sample as a project and goes to its stored run; where it has none, to the project. */
export const openSample = async (lab: LabClient, queries: QueryClient, sample: string): Promise<void> => {
  const { id: project } = await lab.projects.createFromSample.mutate({ sample })
  void queries.invalidateQueries({ queryKey: ['projects'] })
  const runs = await lab.experiments.list.query({ project })
  const finished = runs.find((run) => run.status === 'done') ?? runs[0]
  const to = finished === undefined ? null : addressOf('experiment', finished.id, project)
  navigate(to ?? projectHome(project) ?? '/projects')
}

/** Opens a sample with its models replaced by one of this computer, ready to start. */
export const openSampleOn = async (
  lab: LabClient,
  queries: QueryClient,
  choice: { readonly sample: string; readonly model: { readonly provider: string; readonly model: string } },
): Promise<void> => {
  const { id: project } = await lab.projects.createFromSample.mutate({ sample: choice.sample })
  const { provider, model } = choice.model
  // The sample's own limits on the answer stay: its cases were made for them.
  const { setup } = await lab.setup.get.query({ project })
  const first = setup.models?.find((entry) => typeof entry === 'object')
  const kept = {
    ...(first?.temperature === undefined ? {} : { temperature: first.temperature }),
    ...(first?.maxTokens === undefined ? {} : { maxTokens: first.maxTokens }),
  }
  await lab.setup.save.mutate({
    project,
    sections: { models: [{ id: model, provider, model, ...kept }] },
    gesture: null,
  })
  void queries.invalidateQueries({ queryKey: ['projects'] })
  navigate(
    addressOfScreen('setup', project) ?? addressOfScreen('experiments', project) ?? projectHome(project) ?? '/projects',
  )
}
