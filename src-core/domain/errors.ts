/**
 * The only error that crosses a thread, a process or a door. Codes are closed: a door decides by code, never by text.
 * A failed model call is not an error but data (see execution.ts).
 */
export const labErrorCodes = [
  'lab-file', // the lab file or a file it names is wrong; `problems` lists every place
  'usage', // the command's words are wrong
  'not-found', // an experiment, prompt, sample, file or model that does not exist
  'missing-key', // an API key's environment variable is not set
  'unreachable', // a server does not answer
  'model-unavailable', // the server or the machine does not have the model
  'download', // a model or file could not be fetched whole
  'store', // the database is damaged, locked, full or read-only
  'store-newer', // the database was written by a newer version
  'busy', // another process drives this experiment
  'node-too-old',
  'unsupported', // this machine or build cannot do it
  'internal', // a defect of ours
] as const
export type LabErrorCode = (typeof labErrorCodes)[number]

/** One place in a file that is wrong. Lines and columns count from 1. */
export type Problem = {
  readonly message: string
  readonly file: string | null
  readonly line: number | null
  readonly column: number | null
}

export class LabError extends Error {
  readonly code: LabErrorCode
  readonly problems: readonly Problem[]

  constructor(code: LabErrorCode, message: string, options: { problems?: readonly Problem[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.name = 'LabError'
    this.code = code
    this.problems = options.problems ?? []
  }
}

/** A LabError as plain data, for structured clone and for `--json`. */
export type LabErrorData = {
  readonly code: LabErrorCode
  readonly message: string
  readonly problems: readonly Problem[]
}

export const toErrorData = (error: unknown): LabErrorData =>
  error instanceof LabError
    ? { code: error.code, message: error.message, problems: error.problems }
    : { code: 'internal', message: error instanceof Error ? error.message : String(error), problems: [] }

export const fromErrorData = (data: LabErrorData): LabError =>
  new LabError(data.code, data.message, { problems: data.problems })
