import { initTRPC, TRPCError } from '@trpc/server'
import { ZodError } from 'zod'
import { LabError, type LabErrorCode, type LabErrorData, toErrorData } from '../../src-core/domain/errors.ts'

const statusOf: Readonly<Record<LabErrorCode, TRPCError['code']>> = {
  'lab-file': 'UNPROCESSABLE_CONTENT',
  usage: 'BAD_REQUEST',
  'not-found': 'NOT_FOUND',
  'missing-key': 'PRECONDITION_FAILED',
  unreachable: 'BAD_GATEWAY',
  'model-unavailable': 'PRECONDITION_FAILED',
  download: 'BAD_GATEWAY',
  store: 'INTERNAL_SERVER_ERROR',
  'store-newer': 'CONFLICT',
  busy: 'CONFLICT',
  'node-too-old': 'PRECONDITION_FAILED',
  unsupported: 'METHOD_NOT_SUPPORTED',
  internal: 'INTERNAL_SERVER_ERROR',
}

/** What stands in an error as a window gets it: the closed code and the problems. Never a stack, never a path of the program. */
const labErrorOf = (error: TRPCError): LabErrorData => {
  if (error.cause instanceof LabError) return toErrorData(error.cause)
  if (error.cause instanceof ZodError) {
    const problems = error.cause.issues.map(({ path, message }) => ({
      message: `${path.map(String).join('.') || 'input'}: ${message}`,
      file: null,
      line: null,
      column: null,
    }))
    return { code: 'usage', message: 'The request has another form than expected.', problems }
  }
  if (error.code === 'NOT_FOUND' || error.code === 'BAD_REQUEST')
    return { code: 'usage', message: error.message, problems: [] }
  return { code: 'internal', message: 'Something went wrong inside Prompt Lab. What was saved is safe.', problems: [] }
}

const t = initTRPC.create({
  errorFormatter: ({ shape, error }) => {
    const lab = labErrorOf(error)
    return {
      message: lab.message,
      code: shape.code,
      data: { code: shape.data.code, httpStatus: shape.data.httpStatus, lab },
    }
  },
  isDev: false,
})

export const router = t.router
export const createCallerFactory = t.createCallerFactory

/** A LabError keeps its code and problems across every door. */
export const procedure = t.procedure.use(async ({ next }) => {
  const result = await next()
  if (result.ok || !(result.error.cause instanceof LabError)) return result
  const { cause } = result.error
  throw new TRPCError({ code: statusOf[cause.code], message: cause.message, cause })
})
