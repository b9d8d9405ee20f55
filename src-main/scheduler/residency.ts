import type { ModelReference } from '../../src-core/domain/model.ts'
import type { Provider } from '../../src-core/ports/provider.ts'

/**
 * Which local model is in memory. One at a time: a laptop that holds two swaps, and loading inside a call would be counted
 * as latency. The resident model gives way only when no call of it waits or runs, so that models do not take turns per call.
 */
export type Residency = {
  /** A call of the model was queued (+1) or reached its end (-1). */
  demand(model: ModelReference, change: number): void
  /** True when the model may be called; otherwise loading begins as soon as it may, and `wake` follows. */
  ready(model: ModelReference, options: { readonly alone: boolean }): boolean
  /** Why the model could not be made ready; told once, so that a later run may try again. */
  takeTrouble(model: ModelReference): unknown
}

export type ResidencyDependencies = {
  readonly provider: (id: string) => Promise<Provider>
  readonly wake: () => void
  readonly signal: AbortSignal
  /** For people: a model is being loaded. */
  readonly notice: (message: string) => void
}

type Place = { demand: number; state: 'absent' | 'loading' | 'ready'; trouble: unknown }

export const residencyKey = (model: ModelReference): string =>
  `${model.provider}|${model.baseUrl ?? ''}|${model.model}|${model.deterministic}`

export const createResidency = (dependencies: ResidencyDependencies): Residency => {
  const places = new Map<string, Place>()
  let resident: { readonly key: string; readonly model: ModelReference } | null = null
  let switching = false

  const placeOf = (key: string): Place => {
    let place = places.get(key)
    if (place === undefined) {
      place = { demand: 0, state: 'absent', trouble: undefined }
      places.set(key, place)
    }
    return place
  }
  const load = async (model: ModelReference, place: Place): Promise<void> => {
    place.state = 'loading'
    try {
      const provider = await dependencies.provider(model.provider)
      if (provider.prepare !== undefined) {
        dependencies.notice(`Loading ${model.id} ...`)
        await provider.prepare(model, { signal: dependencies.signal })
      }
      place.state = 'ready'
    } catch (error) {
      place.state = 'absent'
      place.trouble = error
    }
  }
  const change = async (next: { readonly key: string; readonly model: ModelReference }): Promise<void> => {
    switching = true
    const previous = resident
    resident = next
    if (previous !== null) {
      placeOf(previous.key).state = 'absent'
      try {
        const provider = await dependencies.provider(previous.model.provider)
        await provider.release?.(previous.model)
      } catch (error) {
        // A model that cannot be unloaded costs memory, not results; the next one is tried all the same.
        const reason = error instanceof Error ? error.message : String(error)
        dependencies.notice(`${previous.model.id} could not be unloaded: ${reason}`)
      }
    }
    await load(next.model, placeOf(next.key))
    if (placeOf(next.key).state !== 'ready') resident = null
    switching = false
    dependencies.wake()
  }

  return {
    demand(model, by) {
      const place = placeOf(residencyKey(model))
      place.demand += by
      if (place.demand === 0) dependencies.wake()
    },
    ready(model, { alone }) {
      const key = residencyKey(model)
      const place = placeOf(key)
      if (place.state === 'ready' && (!alone || resident?.key === key)) return true
      if (place.state === 'loading' || place.trouble !== undefined) return false
      if (!alone) {
        void load(model, place).then(dependencies.wake)
        return false
      }
      const free = resident === null || resident.key === key || placeOf(resident.key).demand === 0
      if (!switching && free) void change({ key, model })
      return false
    },
    takeTrouble(model) {
      const place = placeOf(residencyKey(model))
      const trouble = place.trouble
      place.trouble = undefined
      return trouble
    },
  }
}
