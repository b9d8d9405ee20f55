import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { jsonCache } from './json-cache.ts'

type Known = { readonly bytes: number; readonly mtimeMs: number; readonly sha256: string }
type Signal = { readonly aborted: boolean; readonly reason: unknown }

const isKnown = (value: unknown): value is Known =>
  typeof value === 'object' && value !== null && 'sha256' in value && 'bytes' in value && 'mtimeMs' in value

const cacheOf = (folder: string) => jsonCache(join(folder, '.digests.json'), isKnown)

/** SHA-256 of a file in lower-case hexadecimal. Rejects with the signal's reason, or when the file cannot be read. */
export const hashFile = async (path: string, signal?: Signal, onBytes?: (bytes: number) => void): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    if (signal?.aborted === true) throw signal.reason
    hash.update(chunk as Buffer)
    onBytes?.((chunk as Buffer).length)
  }
  return hash.digest('hex')
}

/**
 * The same, remembered by path, size and time of change in `folder`, because hashing a model takes seconds.
 * Ollama names its files by their hash, so that these need not be read.
 */
export const fileDigest = async (
  path: string,
  { folder, signal }: { folder: string; signal?: Signal },
): Promise<string> => {
  const named = /^sha256-([0-9a-f]{64})$/.exec(basename(path))?.[1]
  if (named !== undefined) return named
  const known = await knownDigest(path, folder)
  if (known !== null) return known
  const sha256 = await hashFile(path, signal)
  await rememberDigest(path, folder, sha256)
  return sha256
}

/** Null where the file was never hashed, or has changed since. */
export const knownDigest = async (path: string, folder: string): Promise<string | null> => {
  const { size, mtimeMs } = await stat(path)
  const known = await cacheOf(folder).get(path)
  return known !== null && known.bytes === size && known.mtimeMs === mtimeMs ? known.sha256 : null
}

export const rememberDigest = async (path: string, folder: string, sha256: string): Promise<void> => {
  const { size, mtimeMs } = await stat(path)
  await cacheOf(folder).set(path, { bytes: size, mtimeMs, sha256 })
}
