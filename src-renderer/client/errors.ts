import { TRPCClientError } from '@trpc/client'
import { type LabErrorData, labErrorCodes } from '../../src-core/domain/errors.ts'

/** What went wrong, as a window shows it: the host's own sentence and problems, or what happened on the way to the host. */
export const labErrorOf = (error: unknown): LabErrorData => {
  if (!(error instanceof TRPCClientError)) {
    return internal(error instanceof Error ? error.message : String(error))
  }
  const told = (error.data as { lab?: unknown } | null | undefined)?.lab
  if (isLabError(told)) return told
  const status = statusOf(error)
  if (status === 401) {
    return {
      code: 'unreachable',
      message: 'This page has no key to the lab. Open the address that `promptlab app` printed in the terminal.',
      problems: [],
    }
  }
  return {
    code: 'unreachable',
    message: 'Prompt Lab does not answer. What was saved is safe; start it again with `promptlab app`.',
    problems: [],
  }
}

/** True where asking again may help: the host was not reached. */
export const isConnectionError = (error: unknown): boolean =>
  error instanceof TRPCClientError && error.data == null && statusOf(error) === null

const statusOf = (error: TRPCClientError<never>): number | null => {
  const response = error.meta?.response
  return response instanceof Response ? response.status : null
}

const isLabError = (value: unknown): value is LabErrorData => {
  const { code, message, problems } = (value ?? {}) as Partial<LabErrorData>
  return (
    typeof message === 'string' && Array.isArray(problems) && typeof code === 'string' && labErrorCodes.includes(code)
  )
}

const internal = (message: string): LabErrorData => ({ code: 'internal', message, problems: [] })
