import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { LabError } from '../../src-core/domain/errors.ts'
import type { ExperimentSnapshot } from '../../src-core/domain/experiment.ts'
import { sha256 } from './keys.ts'

/** A snapshot without its cases, which are rows of their own so that a hundred experiments share them. */
export type SnapshotHead = Omit<ExperimentSnapshot, 'cases'>

export type PackedSnapshot = {
  readonly encoding: 'json' | 'deflate'
  readonly sha256: Buffer
  readonly snapshot: Buffer
}

/** Below this size packing saves less than a page. */
const packFromBytes = 4_096

export const packSnapshot = (snapshot: ExperimentSnapshot): PackedSnapshot => {
  const { cases: _, ...head } = snapshot
  const json = Buffer.from(JSON.stringify(head satisfies SnapshotHead))
  return json.length < packFromBytes
    ? { encoding: 'json', sha256: sha256(json), snapshot: json }
    : { encoding: 'deflate', sha256: sha256(json), snapshot: deflateRawSync(json) }
}

/** Throws `store` where the bytes are not those that were written: a run must not go on with other prompts. */
export const unpackSnapshot = (packed: PackedSnapshot, experiment: string): SnapshotHead => {
  const json = packed.encoding === 'json' ? packed.snapshot : inflateRawSync(packed.snapshot)
  if (!sha256(json).equals(packed.sha256)) {
    throw new LabError(
      'store',
      `The snapshot of the experiment ${experiment} is damaged. Restore a backup of the database.`,
    )
  }
  return JSON.parse(json.toString('utf8')) as SnapshotHead
}
