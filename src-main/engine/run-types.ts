import type { LabErrorData } from '../../src-core/domain/errors.ts'
import type { ExperimentSnapshot, ExperimentStatus } from '../../src-core/domain/experiment.ts'
import type { ExperimentId } from '../../src-core/domain/ids.ts'
import type { ModelReference, TokenPrice } from '../../src-core/domain/model.ts'
import type { EvaluatorServices } from '../../src-core/evaluators/evaluator.ts'
import type { Progress } from '../../src-core/experiment/progress.ts'
import type { Clock } from '../../src-core/ports/clock.ts'
import type { ModelIdentity } from '../../src-core/ports/provider.ts'
import type { RunState, Store } from '../../src-core/ports/store.ts'
import type { Scheduler } from '../scheduler/scheduler.ts'

/** What a host lends to every run; built once in lab.ts. */
export type RunDependencies = {
  readonly store: Store
  /** One per host, so that runs share limits and the resident model: createScheduler(...). */
  readonly scheduler: Scheduler
  /** Null where no price is known; local models without a declared price have one of zero. */
  readonly priceOf: (model: ModelReference) => TokenPrice | null
  /** Regexes and scripts; judge and embedding calls are the engine's own. */
  readonly services: Pick<EvaluatorServices, 'matchRegex' | 'runScript'>
  readonly clock: Clock
}

export type RunOptions = {
  readonly experiment: ExperimentId
  readonly snapshot: ExperimentSnapshot
  /** By model id, as found before the run; a digest is part of the response cache's key. */
  readonly identities: Readonly<Record<string, ModelIdentity>>
  /** `store.runState(id)` for a resumed run, null for a new one. */
  readonly resume: RunState | null
  /** Who holds the lease; the same as was given to createExperiment, or a new one for a resumed run. */
  readonly owner: string
  readonly leaseMs?: number
  /** How long a full disk is waited for before the run ends as interrupted; 15 s unless told. */
  readonly storePatienceMs?: number
  readonly onEvent?: (event: RunEvent) => void
}

export type RunEvent =
  /** At most ten a second, and a last one at the end. */
  | { readonly kind: 'progress'; readonly progress: Progress }
  /** A sentence for people: a model is loaded, a provider slows us down, a fallback answers, ... */
  | { readonly kind: 'notice'; readonly message: string }
  /** The run waits: on request (cause null) or because of the named trouble. */
  | { readonly kind: 'paused'; readonly cause: LabErrorData | null }
  | { readonly kind: 'resumed' }

export type RunEnd = {
  /** Never 'running'. `interrupted` after stop, a lost lease, a dead server, a full disk: `resume` continues. */
  readonly status: ExperimentStatus
  readonly wallSeconds: number
  /** Why it ended before the end; null when done or stopped on request. */
  readonly cause: LabErrorData | null
}

export type RunHandle = {
  readonly id: ExperimentId
  /** No new request leaves from now on; requests in flight finish. */
  pause(): void
  resume(): void
  /** `finish`: in-flight requests finish and are saved. `now`: sockets close within a second; their attempts count as unconfirmed. */
  stop(how: 'finish' | 'now'): void
  /** For a window that joins late. */
  progress(): Progress
  /** Never rejects: trouble is `cause`. The status is already stored when it resolves (unless the store is the trouble). */
  readonly done: Promise<RunEnd>
}
