import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import type { CallId, ExperimentId } from '../../src-core/domain/ids.ts'
import type { CallEnd } from '../../src-core/ports/store.ts'

/**
 * Where answers land before the database has them. A commit that survives a power cut takes milliseconds, and a slot that
 * waited for it would stand idle for a tenth of the run; one write to the operating system takes microseconds and survives
 * the death of this process. So a killed run repeats only what was in flight, while the database, written a moment later,
 * stays the only thing that anybody reads. One file per running experiment, beside the database; gone when the run ends.
 */
export type Landing = {
  land(end: CallEnd): void
  /** The database has them. */
  committed(ends: readonly CallEnd[]): void
  /** Removes the file where nothing is left in it. */
  close(): void
}

/** Rewritten when it has grown so large: what the database has need not be kept. */
const compactAtBytes = 4 * 2 ** 20

export const landingPath = (database: string, experiment: ExperimentId): string => `${database}-landing-${experiment}`

/** `onBroken`: the file cannot be written (a full disk); the run goes on without it and may repeat a few calls after a kill. */
export const openLanding = (path: string, onBroken: (error: unknown) => void = () => undefined): Landing => {
  // Answers are as private as the database.
  const file = openSync(path, 'w', 0o600)
  const open = new Map<CallId, string>()
  let bytes = 0
  let closed = false
  let broken = false
  const write = (line: string): void => {
    if (broken) return
    try {
      bytes += writeSync(file, line, bytes)
    } catch (error) {
      broken = true
      onBroken(error)
    }
  }
  const compact = (): void => {
    ftruncateSync(file, 0)
    bytes = 0
    for (const line of open.values()) write(line)
  }
  return {
    land(end) {
      if (closed || !end.final) return
      const line = `${JSON.stringify(end)}\n`
      open.set(end.call, line)
      write(line)
    },
    committed(ends) {
      for (const end of ends) open.delete(end.call)
      if (!closed && bytes > compactAtBytes) compact()
    },
    close() {
      if (closed) return
      closed = true
      closeSync(file)
      if (open.size === 0) rmSync(path, { force: true })
    },
  }
}

/**
 * What a killed run left behind, in order. A line that was cut, by the kill or by a full disk, is no answer. Lines that the
 * database has already are among them; the caller knows which.
 */
export const readLanded = (path: string): readonly CallEnd[] =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n').flatMap(parseLine) : []

const parseLine = (line: string): readonly CallEnd[] => {
  try {
    return [JSON.parse(line) as CallEnd]
  } catch (error) {
    if (error instanceof SyntaxError) return []
    throw error
  }
}
