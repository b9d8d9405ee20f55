import type { EvaluatorServices } from '../../src-core/evaluators/evaluator.ts'
import type { StartIsolatedProcess } from '../../src-core/ports/isolated-process.ts'
import { createRegexMatcher } from './regex-matcher.ts'
import { createScriptRunner } from './script-runner.ts'

/** The effects of evaluators that are no calls of the ledger. */
export type HostServices = Pick<EvaluatorServices, 'matchRegex' | 'runScript'> & { dispose(): Promise<void> }

/** The regex thread and the sandbox process start with the first evaluator that asks for one. */
export const createHostServices = ({
  startIsolatedProcess,
}: {
  readonly startIsolatedProcess: StartIsolatedProcess
}): HostServices => {
  const matcher = createRegexMatcher()
  const scripts = createScriptRunner(startIsolatedProcess)
  return {
    matchRegex: matcher.match,
    runScript: scripts.run,
    dispose: async () => {
      await Promise.all([matcher.dispose(), scripts.dispose()])
    },
  }
}

export type EvaluatorServiceOptions = Pick<EvaluatorServices, 'judge' | 'embed'> & {
  readonly startIsolatedProcess: StartIsolatedProcess
}

/**
 * All that `evaluateCell` needs, for the thread that evaluates (a worker thread too, where processes are forked): what
 * needs none of it runs right there, without a message.
 */
export const createEvaluatorServices = ({
  judge,
  embed,
  startIsolatedProcess,
}: EvaluatorServiceOptions): EvaluatorServices & { dispose(): Promise<void> } => ({
  ...createHostServices({ startIsolatedProcess }),
  judge,
  embed,
})
