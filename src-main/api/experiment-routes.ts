import { tracked } from '@trpc/server'
import { z } from 'zod'
import type { AppHost } from '../workspace/app-host.ts'
import { compareKinds, downloadFormats, matrixModes } from '../workspace/experiment-types.ts'
import {
  budget,
  cellNumber,
  combination,
  experiment,
  inProject,
  overrides,
  page,
  rowId,
  runSelection,
} from './inputs.ts'
import { procedure, router } from './trpc.ts'

const one = z.strictObject({ experiment })
const started = z.strictObject({ ...inProject, selection: runSelection.default({}) })
const searched = { text: z.string().max(1_000).optional() }

const runRoutes = ({ runs }: AppHost) => ({
  list: procedure
    .input(z.strictObject({ project: rowId.nullable().default(null) }).default({ project: null }))
    .query(({ input }) => runs.list(input.project)),
  get: procedure.input(one).query(({ input }) => runs.get(input.experiment)),
  start: procedure.input(started).mutation(({ input }) => runs.start(input.project, input.selection)),
  dryRun: procedure.input(started).mutation(({ input }) => runs.dryRun(input.project, input.selection)),
  resume: procedure.input(one).mutation(({ input }) => runs.resume(input.experiment)),
  pause: procedure.input(one).mutation(({ input }) => runs.pause(input.experiment)),
  unpause: procedure.input(one).mutation(({ input }) => runs.unpause(input.experiment)),
  stop: procedure
    .input(z.strictObject({ experiment, how: z.enum(['finish', 'now']) }))
    .mutation(({ input }) => runs.stop(input.experiment, input.how)),
  raiseCap: procedure
    .input(z.strictObject({ experiment, budget }))
    .mutation(({ input }) => runs.raiseCap(input.experiment, input.budget)),
  retryFailed: procedure.input(one).mutation(({ input }) => runs.retryFailed(input.experiment)),
  /** A snapshot, then changes after its number, at most ten a second. A dropped connection goes on by `lastEventId`. */
  live: procedure
    .input(z.strictObject({ experiment, lastEventId: z.string().max(40).nullish() }))
    .subscription(async function* ({ input, signal }) {
      const after = Number(input.lastEventId ?? Number.NaN)
      const aborted = signal ?? new AbortController().signal
      for await (const event of runs.live(input.experiment, Number.isSafeInteger(after) ? after : null, aborted)) {
        yield tracked(String(event.number), event)
      }
    }),
})

const resultRoutes = ({ runs }: AppHost) => ({
  report: procedure
    .input(z.strictObject({ experiment, ...overrides }))
    .query(({ input: { experiment, ...rest } }) => runs.report(experiment, rest)),
  download: procedure
    .input(z.strictObject({ experiment, format: z.enum(downloadFormats), ...overrides }))
    .query(({ input: { experiment, format, ...rest } }) => runs.download(experiment, format, rest)),
  matrix: procedure
    .input(
      z.strictObject({
        experiment,
        mode: z.enum(matrixModes).default('all'),
        ...searched,
        tag: z.string().max(200).optional(),
        baseline: z.string().min(1).max(300).optional(),
        sort: z.strictObject({ column: combination, direction: z.enum(['ascending', 'descending']) }).optional(),
        ...page,
      }),
    )
    .query(({ input: { offset, limit, ...query } }) => runs.matrix(query, { offset, limit })),
  cell: procedure
    .input(z.strictObject({ experiment, cell: cellNumber }))
    .query(({ input }) => runs.cell(input.experiment, input.cell)),
  compare: procedure
    .input(
      z.strictObject({
        experiment,
        baseline: combination,
        candidate: combination,
        kind: z.enum(compareKinds).default('all'),
        ...searched,
        ...page,
      }),
    )
    .query(({ input: { offset, limit, ...query } }) => runs.compare(query, { offset, limit })),
  annotate: procedure
    .input(
      z.strictObject({
        experiment,
        cells: z.array(cellNumber).min(1).max(10_000),
        change: z.strictObject({
          rating: z.strictObject({ passed: z.boolean() }).nullable().optional(),
          excluded: z.string().trim().min(1).max(2_000).nullable().optional(),
          comment: z.string().trim().min(1).max(20_000).nullable().optional(),
        }),
      }),
    )
    .mutation(({ input }) => runs.annotate(input.experiment, input.cells, input.change)),
  annotations: procedure.input(one).query(({ input }) => runs.annotations(input.experiment)),
  ratings: procedure.input(one).query(({ input }) => runs.ratings(input.experiment)),
})

export const experimentRoutes = (host: AppHost) => router({ ...runRoutes(host), ...resultRoutes(host) })
