import type { ContentHash } from '../../src-core/domain/ids.ts'
import type { ModelReference } from '../../src-core/domain/model.ts'
import type { WorstCase } from '../../src-core/experiment/budget.ts'
import type { CachedResponse } from '../../src-core/ports/store.ts'
import type { CallGroup, CallRequest } from './call-types.ts'
import type { Job, JobGroup } from './queues.ts'
import type { RunCallsOptions } from './run-context.ts'
import { blankAnswer, callOf } from './run-records.ts'

/** Where calls come in: those the cache answers go back at once, the rest become jobs. */
export type Intake = {
  take(groups: readonly CallGroup[]): Promise<void>
  /** The cache is being asked. */
  busy(): boolean
}

type Onward = {
  readonly worst: (request: CallRequest, model: ModelReference) => WorstCase
  readonly enqueue: (group: JobGroup) => void
  readonly fromCache: () => void
}

type Options = Pick<
  RunCallsOptions,
  'snapshot' | 'experiment' | 'ledger' | 'scheduler' | 'answered' | 'cachedResponses' | 'attempted'
>

const notCached = {
  code: 'not-cached',
  message: 'the cache has no answer, and the lab allows no calls (cache: only)',
} as const

export const createIntake = (options: Options, onward: Onward): Intake => {
  const { snapshot } = options
  const { clock } = options.scheduler
  const models = new Map(snapshot.models.map((model) => [model.id, model]))
  let lookups = 0

  const jobOf = (request: CallRequest): Job => {
    const model = models.get(request.model)
    if (model === undefined) throw new Error(`the experiment has no model "${request.model}"`)
    return {
      request,
      model,
      fallbacks: model.fallback.flatMap((id) => models.get(id) ?? []),
      attempts: options.attempted.get(request.purpose) ?? 0,
      tries: 0,
      worst: onward.worst(request, model),
      startedAt: null,
      sentMs: 0,
    }
  }
  const lookUp = async (groups: readonly CallGroup[]): Promise<ReadonlyMap<ContentHash, CachedResponse>> => {
    const keys = groups.flatMap((group) => group.flatMap((request) => request.cacheKey ?? []))
    if (snapshot.cache === 'off' || keys.length === 0) return new Map()
    lookups++
    try {
      return await options.cachedResponses(keys)
    } finally {
      lookups--
    }
  }
  const answerFrom = (request: CallRequest, cacheKey: ContentHash, { response, costUsd }: CachedResponse): void => {
    onward.fromCache()
    options.ledger.cached({ ...callOf(options.experiment, request), cacheKey })
    options.answered({
      ...blankAnswer(request, clock.now()),
      response,
      answeredBy: request.model,
      costUsd,
      fromCache: true,
    })
  }

  return {
    busy: () => lookups > 0,
    async take(groups) {
      const hits = await lookUp(groups)
      for (const group of groups) {
        const misses: Job[] = []
        for (const request of group) {
          const key = request.cacheKey
          const hit = key === null ? undefined : hits.get(key)
          if (key !== null && hit !== undefined) answerFrom(request, key, hit)
          else if (snapshot.cache === 'only')
            options.answered({ ...blankAnswer(request, clock.now()), failure: notCached, unrecorded: true })
          else misses.push(jobOf(request))
        }
        onward.enqueue(misses)
      }
    },
  }
}
