import type { FailureCode } from '../../src-core/domain/execution.ts'

/** Why a request inside the model's process gave no answer; becomes a ProviderFailure on the other side. */
export class GenerationFailure extends Error {
  readonly code: FailureCode

  constructor(code: FailureCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause })
    this.name = 'GenerationFailure'
    this.code = code
  }
}
