import { LabError } from '../../../src-core/domain/errors.ts'
import type { Db } from '../database.ts'
import { openDirectory } from '../directory.ts'
import type { Handlers, Request, WriteName } from '../protocol.ts'
import { workspaceWrites } from '../workspace/all-writes.ts'
import { workspaceRequest } from '../workspace/workspace-store.ts'
import { type CallMark, callRows } from './call-rows.ts'
import type { WriteContext } from './context.ts'
import { experimentWrites } from './experiments.ts'
import { ledgerWrites } from './ledger.ts'
import { outcomeWrites } from './outcomes.ts'
import { responseWrites } from './responses.ts'
import { variantWrites } from './variants.ts'

/** Every write of the port, each to be run inside a transaction that somebody else begins and ends. */
export const writeHandlers = (db: Db, now: () => number) => {
  const context: WriteContext = { db, directory: openDirectory(db), now }
  const calls = callRows(context)
  const { addResponse } = responseWrites(context)
  const variants = variantWrites(context)
  const experiments = experimentWrites(context, variants.variantRow)
  const ledger = ledgerWrites(context, calls, addResponse)
  const outcomes = outcomeWrites(context, calls, addResponse)

  const handlers: Handlers<WriteName> = {
    registerVariant: variants.registerVariant,
    createExperiment: experiments.createExperiment,
    lease: experiments.lease,
    finishExperiment: experiments.finishExperiment,
    attemptsSent: ledger.attemptsSent,
    callsEnded: ledger.callsEnded,
    callsFromCache: ledger.callsFromCache,
    recordOutcomes: outcomes.recordOutcomes,
    saveScores: outcomes.saveScores,
    rescore: (experiment, rescored, evaluators) => {
      experiments.refuseWhileRunning(experiment)
      outcomes.rescore(experiment, rescored, evaluators)
    },
  }

  // Made at the first command: a run from the command line needs none of its statements.
  let workspace: ReturnType<typeof workspaceWrites> | null = null
  const runWorkspace = ([name, ...args]: readonly unknown[]): unknown => {
    workspace ??= workspaceWrites(context, variants.registerVariant)
    if (typeof name !== 'string' || !Object.hasOwn(workspace, name)) {
      throw new LabError('internal', `The workspace knows no write "${String(name)}".`)
    }
    return (workspace[name as keyof typeof workspace] as (...args: readonly unknown[]) => unknown)(...args)
  }

  return {
    run: ({ name, args }: Request): unknown => {
      if (name === workspaceRequest) return runWorkspace(args)
      if (!Object.hasOwn(handlers, name)) throw new LabError('internal', `The store knows no write "${name}".`)
      return (handlers[name as WriteName] as (...args: readonly unknown[]) => unknown)(...args)
    },
    committed: calls.committed,
    mark: calls.mark,
    rolledBack: (mark: CallMark) => {
      context.directory.forget()
      calls.rolledBack(mark)
    },
  }
}
