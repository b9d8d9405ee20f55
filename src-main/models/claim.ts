import { readFile, rm, writeFile } from 'node:fs/promises'
import { LabError } from '../../src-core/domain/errors.ts'

/**
 * A file that says "this process works here", so that two of them do not write into one download. A claim whose process
 * is gone counts for nothing. Gives the function that ends it; rejects with LabError 'busy' and the sentence given.
 */
export const claim = async (file: string, busy: string): Promise<() => Promise<void>> => {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' })
      return () => rm(file, { force: true })
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'EEXIST') throw error
    }
    const owner = Number(await readFile(file, 'utf8').catch(() => ''))
    if (owner !== 0 && isAlive(owner)) break
    await rm(file, { force: true })
  }
  throw new LabError('busy', busy)
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM'
  }
}
