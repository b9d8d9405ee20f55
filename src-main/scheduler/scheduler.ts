import { isLocal, type ModelReference } from '../../src-core/domain/model.ts'
import type { Clock } from '../../src-core/ports/clock.ts'
import type { Provider } from '../../src-core/ports/provider.ts'
import type { Random } from '../../src-core/ports/random.ts'
import { createProviderGate, type DeclaredLimits, type ProviderGate } from './provider-gate.ts'
import { createResidency, type Residency } from './residency.ts'

export type SchedulerDependencies = {
  readonly providers: { get(id: string): Promise<Provider> }
  readonly clock: Clock
  /** For jitter only: what is sent does not depend on it. */
  readonly random: Random
  /** Limits of the provider's account, where a person declared them. */
  readonly limitsOf?: (model: ModelReference) => DeclaredLimits
}

/** How many calls of one model are out, over all runs of the host. */
export type Lane = { active: number; readonly limit: number }

/** One per host: runs that go on at the same time share its limits, its resident model and what it learned of providers. */
export type Scheduler = {
  readonly clock: Clock
  readonly random: Random
  readonly residency: Residency
  provider(id: string): Promise<Provider>
  gate(model: ModelReference): ProviderGate
  lane(model: ModelReference): Lane
  /** `wake` is called whenever something another run waits for may have come free. */
  join(member: { readonly wake: () => void; readonly notice: (message: string) => void }): () => void
  wake(): void
  dispose(): void
}

const noLimits: DeclaredLimits = { requestsPerMinute: null, tokensPerMinute: null }

/** At most so many calls at once to one model, whatever the run allows. */
export const laneLimit = (model: ModelReference): number =>
  model.exclusive ? 1 : (model.concurrency ?? (isLocal(model) ? 1 : Number.POSITIVE_INFINITY))

export const createScheduler = (dependencies: SchedulerDependencies): Scheduler => {
  const gates = new Map<string, ProviderGate>()
  const lanes = new Map<string, Lane>()
  const members = new Set<{ readonly wake: () => void; readonly notice: (message: string) => void }>()
  const disposal = new AbortController()
  const wake = (): void => {
    for (const member of members) member.wake()
  }
  const notice = (message: string): void => {
    for (const member of members) member.notice(message)
  }
  const getOrMake = <T>(map: Map<string, T>, key: string, make: () => T): T => {
    const known = map.get(key)
    if (known !== undefined) return known
    const made = make()
    map.set(key, made)
    return made
  }
  const provider = (id: string): Promise<Provider> => dependencies.providers.get(id)
  return {
    clock: dependencies.clock,
    random: dependencies.random,
    residency: createResidency({ provider, wake, signal: disposal.signal, notice }),
    provider,
    // A key is an account: two keys at one address have limits of their own.
    gate: (model) =>
      getOrMake(gates, `${model.provider}|${model.baseUrl ?? ''}|${model.apiKeyEnv ?? ''}`, () =>
        createProviderGate(dependencies.limitsOf?.(model) ?? noLimits),
      ),
    lane: (model) =>
      getOrMake(lanes, `${model.provider}|${model.baseUrl ?? ''}|${model.model}|${laneLimit(model)}`, () => ({
        active: 0,
        limit: laneLimit(model),
      })),
    join(member) {
      members.add(member)
      return () => members.delete(member)
    },
    wake,
    dispose: () => disposal.abort(),
  }
}
