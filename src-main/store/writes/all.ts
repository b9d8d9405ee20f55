import { LabError } from '../../../src-core/domain/errors.ts'
import type { Db } from '../database.ts'
import { openDirectory } from '../directory.ts'
import type { Handlers, Request, WriteName } from '../protocol.ts'
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

  return {
    run: ({ name, args }: Request): unknown => {
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
