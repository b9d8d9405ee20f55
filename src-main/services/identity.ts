import { createHash, randomBytes } from 'node:crypto'
import { type ContentHash, contentHash, type ExperimentId, experimentId } from '../../src-core/domain/ids.ts'
import { canonicalJson } from '../../src-core/domain/json.ts'

/** SHA-256 of the canonical JSON of a value, in lower-case hexadecimal. */
export const hashOf = (value: unknown): ContentHash =>
  contentHash(createHash('sha256').update(canonicalJson(value)).digest('hex'))

/** Readable, sortable by time and unlikely to clash: `20261123-2107-k3f9`. */
export const newExperimentId = (nowIso: string): ExperimentId => {
  const stamp = nowIso.replace(/[-:]/g, '').replace('T', '-').slice(0, 13)
  const letters = [...randomBytes(4)].map((byte) => 'abcdefghjkmnpqrstuvwxyz23456789'[byte % 31]).join('')
  return experimentId(`${stamp}-${letters}`)
}
