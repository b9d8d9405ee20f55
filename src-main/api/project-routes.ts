import { z } from 'zod'
import type { AppHost } from '../workspace/app-host.ts'
import { inProject, longText, name, ofProject, shortText } from './inputs.ts'
import { procedure, router } from './trpc.ts'

const importSource = z.union([
  z.strictObject({ path: z.string().min(1).max(4_096) }),
  z.strictObject({
    text: longText,
    /** Case files and prompt files that the lab names; at most 64 MB each before base64. */
    files: z
      .array(z.strictObject({ name: z.string().min(1).max(500), base64: z.string().max(90_000_000) }))
      .max(200)
      .default([]),
  }),
])

export const projectRoutes = ({ projects, commands }: AppHost) =>
  router({
    list: procedure
      .input(z.strictObject({ trash: z.boolean().default(false) }).default({ trash: false }))
      .query(({ input }) => projects.list(input)),
    get: procedure.input(ofProject).query(({ input }) => projects.get(input.project)),
    samples: procedure.query(() => projects.samples()),
    create: procedure
      .input(z.strictObject({ name, description: shortText.default('') }))
      .mutation(({ input }) => projects.create(input)),
    createFromSample: procedure
      .input(z.strictObject({ sample: z.string().min(1).max(100) }))
      .mutation(({ input }) => projects.createFromSample(input.sample)),
    importLab: procedure.input(importSource).mutation(({ input }) => projects.importLab(input)),
    exportLab: procedure.input(ofProject).query(({ input }) => projects.exportLab(input.project)),
    rename: procedure
      .input(z.strictObject({ ...inProject, name }))
      .mutation(({ input }) => projects.rename(input.project, input.name)),
    describe: procedure
      .input(z.strictObject({ ...inProject, description: shortText }))
      .mutation(({ input }) => projects.describe(input.project, input.description)),
    duplicate: procedure
      .input(z.strictObject({ ...inProject, name }))
      .mutation(({ input }) => projects.duplicate(input.project, input.name)),
    trash: procedure.input(ofProject).mutation(({ input }) => projects.trash(input.project)),
    restore: procedure.input(ofProject).mutation(({ input }) => projects.restore(input.project)),
    history: procedure
      .input(z.strictObject({ ...inProject, limit: z.int().min(1).max(500).default(50) }))
      .query(({ input }) => commands.history(input.project, input.limit)),
    undo: procedure.input(ofProject).mutation(({ input }) => commands.undo(input.project)),
    redo: procedure.input(ofProject).mutation(({ input }) => commands.redo(input.project)),
    stateHash: procedure.input(ofProject).query(({ input }) => commands.stateHash(input.project)),
  })
