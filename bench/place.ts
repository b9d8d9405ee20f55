import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Place = { readonly folder: string; readonly fileSystem: string; remove(): void }

/** The type of the file system that holds a path: the longest mount point in front of it. Null where there is no /proc. */
export const fileSystemOf = (path: string): string | null => {
  let mounts: string
  try {
    mounts = readFileSync('/proc/mounts', 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const real = realpathSync(path)
  let best = { point: '', type: null as string | null }
  for (const line of mounts.split('\n')) {
    const [, point, type] = line.split(' ')
    if (point === undefined || type === undefined) continue
    const holds = real === point || real.startsWith(point.endsWith('/') ? point : `${point}/`)
    if (holds && point.length >= best.point.length) best = { point, type }
  }
  return best.type
}

const inMemory = ['tmpfs', 'ramfs', 'devtmpfs']

/** A folder for databases on a real disk, beside the checkout. Throws where that is memory: a flush would cost nothing. */
export const benchPlace = (): Place => {
  const root = fileURLToPath(new URL('../.bench/', import.meta.url))
  mkdirSync(root, { recursive: true })
  const fileSystem = fileSystemOf(root) ?? 'unknown'
  if (inMemory.includes(fileSystem))
    throw new Error(
      `the benchmark's database would lie on ${fileSystem}, where a flush costs nothing: put the checkout on a disk`,
    )
  const folder = mkdtempSync(join(root, 'run-'))
  return { folder, fileSystem, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
