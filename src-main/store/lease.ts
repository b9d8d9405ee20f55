import { hostname } from 'node:os'

export type LeaseRow = {
  readonly lease_owner: string | null
  readonly lease_until: number | null
  readonly lease_pid: number | null
  readonly lease_host: string | null
}

const processLives = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives and belongs to another user.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/**
 * Whether the owner of a lease may still be at work: it has not run out, and its process is not known to be gone. So a run
 * that was killed on this machine can be continued at once, and one on another machine after its lease ran out.
 */
export const isLive = (row: LeaseRow, nowMs: number): boolean => {
  if (row.lease_owner === null || row.lease_until === null || row.lease_until <= nowMs) return false
  return row.lease_host !== hostname() || row.lease_pid === null || processLives(row.lease_pid)
}
