import { LabError } from '../../../src-core/domain/errors.ts'
import { backupTo } from '../backup.ts'
import type { Db } from '../database.ts'
import type { Handlers, ReadName, Request } from '../protocol.ts'
import type { WorkspaceReads } from '../workspace/all-reads.ts'
import { workspaceRequest } from '../workspace/workspace-store.ts'
import { executionReads } from './executions.ts'
import { experimentReads } from './experiments.ts'
import { ledgerReads } from './ledger.ts'
import { variantReads } from './variants.ts'
import { verify } from './verify.ts'

/** A reader may also answer later. */
type ReadHandlers = {
  readonly [K in ReadName]: (
    ...args: Parameters<Handlers<ReadName>[K]>
  ) => ReturnType<Handlers<ReadName>[K]> | Promise<ReturnType<Handlers<ReadName>[K]>>
}

export const readHandlers = (db: Db, now: () => number) => {
  const experiments = experimentReads(db, now)
  const ledger = ledgerReads(db)
  const { variants, findVariant } = variantReads(db)
  const { executions } = executionReads(db, experiments)

  const handlers: ReadHandlers = {
    variants,
    findVariant,
    experiments: experiments.experiments,
    findExperiment: experiments.findExperiment,
    snapshot: experiments.snapshot,
    runState: ledger.runState,
    cachedResponses: ledger.cachedResponses,
    cachedScores: ledger.cachedScores,
    ledger: ledger.ledger,
    executions,
    // The statistics are loaded by the thread that needs them, when it does: a run starts sooner without.
    report: async (...args) =>
      (await import('./report.ts')).readReport({ db, experiments, ledger: ledger.ledger }, ...args),
    verify: () => verify(db),
    backup: (file) => backupTo(db, file),
  }

  let workspace: WorkspaceReads | null = null
  const runWorkspace = async ([name, ...args]: readonly unknown[]): Promise<unknown> => {
    workspace ??= (await import('../workspace/all-reads.ts')).workspaceReads(db, experiments)
    if (typeof name !== 'string' || !Object.hasOwn(workspace, name)) {
      throw new LabError('internal', `The workspace knows no read "${String(name)}".`)
    }
    return (workspace[name as keyof typeof workspace] as (...args: readonly unknown[]) => unknown)(...args)
  }

  return {
    run: ({ name, args }: Request): unknown => {
      if (name === workspaceRequest) return runWorkspace(args)
      if (!Object.hasOwn(handlers, name)) throw new LabError('internal', `The store knows no read "${name}".`)
      return (handlers[name as ReadName] as (...args: readonly unknown[]) => unknown)(...args)
    },
  }
}
