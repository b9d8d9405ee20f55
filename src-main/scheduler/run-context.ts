import type { LabErrorData } from '../../src-core/domain/errors.ts'
import type { ExperimentSnapshot } from '../../src-core/domain/experiment.ts'
import type { ContentHash, ExperimentId } from '../../src-core/domain/ids.ts'
import type { ModelReference, TokenPrice } from '../../src-core/domain/model.ts'
import type { BudgetGuard } from '../../src-core/experiment/budget.ts'
import type { ModelIdentity } from '../../src-core/ports/provider.ts'
import type { CachedResponse } from '../../src-core/ports/store.ts'
import type { CallAnswer, DroppedCall } from './call-types.ts'
import type { LedgerWriter } from './ledger-writer.ts'
import type { Scheduler } from './scheduler.ts'

/** Why a run lets open calls go. */
export type EndReason = 'budget' | 'refused' | 'stopped' | 'trouble'

export type RunCallsOptions = {
  readonly scheduler: Scheduler
  readonly ledger: LedgerWriter
  readonly guard: BudgetGuard
  readonly experiment: ExperimentId
  readonly snapshot: Pick<ExperimentSnapshot, 'models' | 'cache' | 'concurrency' | 'interleaveModels'>
  readonly identities: Readonly<Record<string, ModelIdentity>>
  readonly priceOf: (model: ModelReference) => TokenPrice | null
  readonly cachedResponses: (keys: readonly ContentHash[]) => Promise<ReadonlyMap<ContentHash, CachedResponse>>
  /** Attempts of earlier sessions by purpose, so that numbers in the ledger go on where they stopped. */
  readonly attempted: ReadonlyMap<string, number>
  /** A call reached its end. */
  readonly answered: (answer: CallAnswer) => void
  /** A call was let go; its cell stays open. */
  readonly dropped: (call: DroppedCall) => void
  /** No more blocks will be begun, or nothing at all will be sent, and why. Called once, with the first reason. */
  readonly ending: (reason: EndReason, cause: LabErrorData | null) => void
  readonly notice: (message: string) => void
}

/** What a run used in this session; unknown cost makes `spentUsd` null. */
export type CallCounts = {
  attempts: number
  retries: number
  inFlight: number
  fromCache: number
  spentUsd: number | null
  inputTokens: number
  outputTokens: number
}

/** Before the first call. */
export const noCalls: Readonly<CallCounts> = {
  attempts: 0,
  retries: 0,
  inFlight: 0,
  fromCache: 0,
  spentUsd: 0,
  inputTokens: 0,
  outputTokens: 0,
}
