import { hash } from 'node:crypto'
import { LabError } from '../../src-core/domain/errors.ts'
import { type CellId, type ContentHash, cellId, type ExperimentId } from '../../src-core/domain/ids.ts'

/** ISO 8601 as the milliseconds that the file keeps. Throws `internal` for anything that is not a time. */
export const toMs = (iso: string): number => {
  const ms = Date.parse(iso)
  if (Number.isNaN(ms)) throw new LabError('internal', `"${iso}" is not a time in ISO 8601.`)
  return ms
}

export const toIso = (ms: number): string => new Date(ms).toISOString()

/** The running number of a cell of this experiment: the digits after `<experiment>:`. Throws `internal` for any other text. */
export const cellNumber = (experiment: ExperimentId, cell: CellId): number => {
  const digits = cell.startsWith(`${experiment}:`) ? cell.slice(experiment.length + 1) : ''
  const n = Number(digits)
  if (digits === '' || !Number.isSafeInteger(n) || n < 0) {
    throw new LabError('internal', `"${cell}" is not a cell of the experiment ${experiment}.`)
  }
  return n
}

export const cellOf = (experiment: string, n: number): CellId => cellId(`${experiment}:${n}`)

/** Keys of caches are SHA-256 in hexadecimal; half the size as bytes. */
export const hashBytes = (key: ContentHash): Buffer => {
  const bytes = Buffer.from(key, 'hex')
  if (bytes.length * 2 !== key.length || bytes.length === 0) {
    throw new LabError('internal', `"${key}" is not a hash in hexadecimal.`)
  }
  return bytes
}

export const sha256 = (data: string | Uint8Array): Buffer => hash('sha256', data, 'buffer')

/** 48 bits of SHA-256: tells the repetitions of one cell apart, and fits a number. */
export const shortHash = (text: string): number => sha256(text).readUIntBE(0, 6)
