import { z } from 'zod'
import type { AppHost } from '../workspace/app-host.ts'
import { type Setup, setupSections } from '../workspace/setup-types.ts'
import { cellValue, gesture, inProject, ofProject, runSelection } from './inputs.ts'
import { procedure, router } from './trpc.ts'

/** Sections may be wrong while they are edited: what is wrong with them comes back as problems with paths. */
const sections = z.partialRecord(z.enum(setupSections), cellValue)

export const setupRoutes = ({ setup }: AppHost) =>
  router({
    get: procedure.input(ofProject).query(({ input }) => setup.get(input.project)),
    save: procedure
      .input(z.strictObject({ ...inProject, sections, gesture }))
      .mutation(({ input }) => setup.save(input.project, input.sections, input.gesture)),
    /** `trial`: sections that are not saved yet, for live arithmetic while typing. */
    plan: procedure
      .input(
        z.strictObject({ ...inProject, selection: runSelection.default({}), trial: sections.nullable().default(null) }),
      )
      .query(({ input }) => setup.plan(input.project, input.selection, input.trial as Setup | null)),
  })
