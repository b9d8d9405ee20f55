import type { ModelReference, TokenPrice } from '../../src-core/domain/model.ts'
import { labSchema } from '../../src-core/lab/lab-schema.ts'
import type { LabStore } from '../store/open-store.ts'
import type { SetupService } from './app-host.ts'
import { type Setup, type SetupState, setupSections } from './setup-types.ts'

type Dependencies = { readonly store: LabStore; readonly priceOf: (model: ModelReference) => TokenPrice | null }

/** What an absent section means, by the lab file's own schema. */
const defaults: Setup = Object.fromEntries(
  setupSections.flatMap((key) => {
    const parsed = labSchema.shape[key].safeParse(undefined)
    return parsed.success && parsed.data !== undefined ? [[key, parsed.data]] : []
  }),
)

export const createSetup = ({ store: { workspace }, priceOf }: Dependencies): SetupService => {
  const get = async (project: number): Promise<SetupState> => {
    const [setup, problems] = await Promise.all([
      workspace.read('setup', project),
      workspace.read('checkSetup', project),
    ])
    return { setup: setup as Setup, defaults, problems }
  }
  return {
    get,
    save: async (project, sections, gesture) => {
      const done = await workspace.write('saveSetup', project, sections, gesture)
      return { ...done, ...(await get(project)) }
    },
    plan: async (project, selection, trial) => {
      const models = await workspace.read('modelsOf', project, selection, trial)
      const prices = models.map(
        (model) => [JSON.stringify([model.provider, model.model, model.baseUrl]), priceOf(model)] as const,
      )
      return workspace.study('plan', project, selection, trial, prices)
    },
  }
}
