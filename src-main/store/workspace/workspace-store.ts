import type { Channel } from '../channel.ts'
import type { WorkspaceReads } from './all-reads.ts'
import type { WorkspaceWrites } from './all-writes.ts'

/** The name under which the threads are asked for all of it; the workspace's own name is the first argument. */
export const workspaceRequest = 'workspace'

/** Not asked over the channel: results that are no plain data. */
type Plain<T> = { readonly [K in keyof T as T[K] extends (...args: never[]) => unknown ? K : never]: T[K] }
type Args<T> = T extends (...args: infer A) => unknown ? A : never
type Result<T> = T extends (...args: never[]) => infer R ? Awaited<R> : never

export type WorkspaceStore = {
  write<K extends keyof Plain<WorkspaceWrites>>(
    name: K,
    ...args: Args<WorkspaceWrites[K]>
  ): Promise<Result<WorkspaceWrites[K]>>
  /** Short looks: a page of the grid, a list. */
  read<K extends keyof Plain<WorkspaceReads>>(
    name: K,
    ...args: Args<WorkspaceReads[K]>
  ): Promise<Result<WorkspaceReads[K]>>
  /** Looks over all rows (a matrix of half a million results, a plan): in a thread of their own, so that no page waits. */
  study<K extends keyof Plain<WorkspaceReads>>(
    name: K,
    ...args: Args<WorkspaceReads[K]>
  ): Promise<Result<WorkspaceReads[K]>>
}

export const workspaceStore = ({
  writer,
  reader,
  study,
}: {
  readonly writer: Pick<Channel, 'call'>
  readonly reader: Pick<Channel, 'call'>
  /** Opened when it is first needed. */
  readonly study: () => Pick<Channel, 'call'>
}): WorkspaceStore => ({
  write: (name, ...args) => writer.call(workspaceRequest, [name, ...args]) as Promise<never>,
  read: (name, ...args) => reader.call(workspaceRequest, [name, ...args]) as Promise<never>,
  study: (name, ...args) => study().call(workspaceRequest, [name, ...args]) as Promise<never>,
})
