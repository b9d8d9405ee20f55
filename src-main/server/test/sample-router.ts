import { tracked } from '@trpc/server'
import { z } from 'zod'
import { LabError } from '../../../src-core/domain/errors.ts'
import { procedure, router } from '../../api/trpc.ts'

/** A small router of every kind of procedure, and a count of what was called. */
export const createSampleRouter = () => {
  const calls: string[] = []
  const called = procedure.use(({ path, next }) => {
    calls.push(path)
    return next()
  })
  const sample = router({
    sample: router({
      secret: called.query(() => 'the data'),
      echo: called.input(z.strictObject({ text: z.string() })).query(({ input }) => input),
      write: called.input(z.strictObject({ n: z.int() })).mutation(({ input }) => ({ n: input.n + 1 })),
      refuse: called.query(() => {
        throw new LabError('busy', 'another process drives it', {
          problems: [{ message: 'wait', file: 'lab.yaml', line: 3, column: null }],
        })
      }),
      defect: called.query(() => {
        throw new Error('a secret detail')
      }),
      count: called
        .input(z.strictObject({ to: z.int(), lastEventId: z.string().nullish() }))
        .subscription(async function* ({ input }) {
          for (let n = Number(input.lastEventId ?? 0) + 1; n <= input.to; n++) yield tracked(String(n), { n })
        }),
      forever: called.subscription(async function* ({ signal }) {
        calls.push('forever began')
        yield 'first'
        await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()))
        calls.push('forever ended')
      }),
    }),
  })
  return { router: sample, calls }
}

export type SampleRouter = ReturnType<typeof createSampleRouter>['router']
