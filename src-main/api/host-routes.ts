import { tracked } from '@trpc/server'
import { z } from 'zod'
import type { AppHost } from '../workspace/app-host.ts'
import { themes } from '../workspace/host-types.ts'
import { reference, rowId } from './inputs.ts'
import { procedure, router } from './trpc.ts'

const model = z.strictObject({ model: z.string().min(1).max(500) })
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/)
const baseUrl = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .nullable()
  .default(null)
const pricedModel = { provider: z.string().min(1).max(40), model: reference, baseUrl }
const price = z.number().min(0).max(1e6)
const onlySignal = (signal: AbortSignal | undefined): AbortSignal => signal ?? new AbortController().signal

export const modelRoutes = ({ models }: AppHost) =>
  router({
    list: procedure.query(() => models.list()),
    probe: procedure.input(model).mutation(({ input }) => models.probe(input.model)),
    remove: procedure.input(model).mutation(({ input }) => models.remove(input.model)),
    pulls: procedure.query(() => models.pulls()),
    pull: procedure.input(model).subscription(({ input, signal }) => models.pull(input.model, onlySignal(signal))),
    cancelPull: procedure.input(model).mutation(({ input }) => models.cancel(input.model)),
  })

export const serviceRoutes = ({ services }: AppHost) =>
  router({
    list: procedure.query(() => services.list()),
    keys: procedure
      .input(z.strictObject({ project: rowId.nullable().default(null) }).default({ project: null }))
      .query(({ input }) => services.keys(input.project)),
    setKey: procedure
      .input(z.strictObject({ variable, value: z.string().trim().min(1).max(10_000) }))
      .mutation(({ input }) => services.setKey(input.variable, input.value)),
    deleteKey: procedure
      .input(z.strictObject({ variable }))
      .mutation(({ input }) => services.deleteKey(input.variable)),
    test: procedure
      .input(
        z.strictObject({ provider: z.string().min(1).max(40), baseUrl, apiKeyEnv: variable.nullable().default(null) }),
      )
      .mutation(({ input }) => services.test(input)),
    prices: procedure
      .input(
        z.strictObject({
          find: z.string().max(200).default(''),
          offset: z.int().min(0).max(1e6).default(0),
          limit: z.int().min(1).max(500).default(100),
        }),
      )
      .query(({ input: { find, ...page } }) => services.prices(find, page)),
    setPrice: procedure
      .input(
        z.strictObject({
          ...pricedModel,
          inputPerMillion: price,
          outputPerMillion: price,
          cachedInputPerMillion: price.nullable(),
        }),
      )
      .mutation(({ input }) => services.setPrice(input)),
    deletePrice: procedure.input(z.strictObject(pricedModel)).mutation(({ input }) => services.deletePrice(input)),
  })

const settingsPatch = z.strictObject({
  theme: z.enum(themes).optional(),
  density: z.enum(['comfortable', 'compact']).optional(),
  singleLetterKeys: z.boolean().optional(),
  shortcuts: z.record(z.string().max(100), z.string().max(100)).optional(),
  detectLocalModels: z.boolean().optional(),
  onClose: z.enum(['ask', 'background', 'stop']).optional(),
  lastProject: rowId.nullable().optional(),
})

export const settingsRoutes = ({ settings }: AppHost) =>
  router({
    get: procedure.query(() => settings.get()),
    save: procedure.input(settingsPatch).mutation(({ input }) => settings.save(input)),
    data: procedure.query(() => settings.data()),
    /** Null: beside the database, under a name with the time. */
    backup: procedure
      .input(z.strictObject({ file: z.string().min(1).max(4_096).nullable().default(null) }))
      .mutation(({ input }) => settings.backup(input.file)),
    verify: procedure.mutation(() => settings.verify()),
    network: procedure
      .input(
        z
          .strictObject({ after: z.int().min(0).default(0), limit: z.int().min(1).max(2_000).default(500) })
          .default({ after: 0, limit: 500 }),
      )
      .query(({ input }) => settings.network(input.after, input.limit)),
    watchNetwork: procedure
      .input(z.strictObject({ lastEventId: z.string().max(40).nullish() }).default({}))
      .subscription(async function* ({ input, signal }) {
        const after = Number(input.lastEventId ?? 0)
        for await (const entry of settings.watchNetwork(Number.isSafeInteger(after) ? after : 0, onlySignal(signal))) {
          yield tracked(String(entry.n), entry)
        }
      }),
  })

export const appRoutes = ({ app }: AppHost) =>
  router({
    info: procedure.query(() => app.info()),
    recent: procedure
      .input(z.strictObject({ limit: z.int().min(1).max(100).default(20) }).default({ limit: 20 }))
      .query(({ input }) => app.recent(input.limit)),
    search: procedure
      .input(
        z.strictObject({
          text: z.string().max(200),
          project: rowId.nullable().default(null),
          limit: z.int().min(1).max(100).default(30),
        }),
      )
      .query(({ input }) => app.search(input.text, input.project, input.limit)),
  })
