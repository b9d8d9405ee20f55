import { useEffect } from 'react'
import { create } from 'zustand'
import type { NetworkEntry } from '../../src-main/workspace/host-types.ts'
import { useLab } from './lab.tsx'

type Network = {
  /** Newest last; at most the newest 2,000. */
  readonly entries: readonly NetworkEntry[]
  /** Requests beyond this machine since the host started, of those seen. */
  readonly beyond: number
  readonly add: (entries: readonly NetworkEntry[]) => void
}

const mostKept = 2_000

export const useNetwork = create<Network>()((set) => ({
  entries: [],
  beyond: 0,
  add: (fresh) =>
    set((state) => {
      const last = state.entries.at(-1)?.n ?? -1
      const news = fresh.filter((entry) => entry.n > last)
      if (news.length === 0) return state
      return {
        entries: [...state.entries, ...news].slice(-mostKept),
        beyond: state.beyond + news.filter((entry) => !entry.loopback).length,
      }
    }),
}))

export type HostHealth = {
  readonly host: string
  readonly loopback: boolean
  readonly ok: boolean
  readonly at: string
}

/** Looking whether a server of this machine runs at all: its absence is no failure of a provider. */
const isLook = ({ loopback, purpose }: NetworkEntry): boolean => loopback && purpose === 'model information'

/** By host, how its newest finished request ended. Cancelled ones, and looks for local servers, say nothing about a host. */
export const healthOf = (entries: readonly NetworkEntry[]): readonly HostHealth[] => {
  const byHost = new Map<string, HostHealth>()
  for (const entry of entries) {
    const { host, loopback, outcome, at } = entry
    if (outcome === 'cancelled' || isLook(entry)) continue
    byHost.set(host, { host, loopback, ok: outcome === 'ok', at })
  }
  return [...byHost.values()]
}

/** Follows the host's log of outgoing requests; entries are taken in at most four times a second. */
export const useFollowNetwork = (): void => {
  const lab = useLab()
  useEffect(() => {
    let waiting: NetworkEntry[] = []
    const timer = setInterval(() => {
      if (waiting.length === 0) return
      useNetwork.getState().add(waiting)
      waiting = []
    }, 250)
    const subscription = lab.settings.watchNetwork.subscribe(
      {},
      { onData: (event) => waiting.push(event.data), onError: () => useHostLink.getState().set(false) },
    )
    return () => {
      clearInterval(timer)
      subscription.unsubscribe()
    }
  }, [lab])
}

type HostLink = { readonly up: boolean; readonly set: (up: boolean) => void }
/** Whether the host answers. */
export const useHostLink = create<HostLink>()((set) => ({ up: true, set: (up) => set({ up }) }))
