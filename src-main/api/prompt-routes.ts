import { z } from 'zod'
import type { AppHost } from '../workspace/app-host.ts'
import { draftPatch, gesture, inProject, name, ofProject, rowId, template } from './inputs.ts'
import { procedure, router } from './trpc.ts'

const onePrompt = { ...inProject, prompt: rowId }

export const promptRoutes = ({ prompts }: AppHost) =>
  router({
    list: procedure.input(ofProject).query(({ input }) => prompts.list(input.project)),
    get: procedure.input(z.strictObject(onePrompt)).query(({ input }) => prompts.get(input.project, input.prompt)),
    create: procedure
      .input(z.strictObject({ ...inProject, name, after: rowId.nullable().default(null), ...draftPatch }))
      .mutation(({ input: { project, ...draft } }) => prompts.create(project, draft)),
    saveDraft: procedure
      .input(z.strictObject({ ...onePrompt, patch: z.strictObject({ name: name.optional(), ...draftPatch }), gesture }))
      .mutation(({ input }) => prompts.saveDraft(input.project, input.prompt, input.patch, input.gesture)),
    remove: procedure
      .input(z.strictObject(onePrompt))
      .mutation(({ input }) => prompts.remove(input.project, input.prompt)),
    reorder: procedure
      .input(z.strictObject({ ...inProject, order: z.array(rowId).min(1).max(10_000) }))
      .mutation(({ input }) => prompts.reorder(input.project, input.order)),
    commitVersion: procedure
      .input(z.strictObject({ ...onePrompt, label: z.string().trim().max(200) }))
      .mutation(({ input }) => prompts.commitVersion(input.project, input.prompt, input.label)),
    versions: procedure
      .input(z.strictObject(onePrompt))
      .query(({ input }) => prompts.versions(input.project, input.prompt)),
    version: procedure
      .input(z.strictObject({ ...onePrompt, version: z.int().positive() }))
      .query(({ input }) => prompts.version(input.project, input.prompt, input.version)),
    preview: procedure
      .input(z.strictObject({ ...inProject, template, case: rowId.nullable().default(null) }))
      .query(({ input }) => prompts.preview(input)),
    export: procedure
      .input(z.strictObject({ ...onePrompt, format: z.string().min(1).max(40) }))
      .query(({ input }) => prompts.export(input.project, input.prompt, input.format)),
  })
