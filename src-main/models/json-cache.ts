import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A small JSON object on disk that can be computed again at any time. A missing or damaged file is an empty cache. */
export type JsonCache<T> = {
  get(key: string): Promise<T | null>
  set(key: string, value: T): Promise<void>
}

export const jsonCache = <T>(file: string, isValue: (value: unknown) => value is T): JsonCache<T> => {
  const read = async (): Promise<Record<string, unknown>> => {
    try {
      const content: unknown = JSON.parse(await readFile(file, 'utf8'))
      return typeof content === 'object' && content !== null ? { ...content } : {}
    } catch {
      return {}
    }
  }
  return {
    get: async (key) => {
      const value = (await read())[key]
      return isValue(value) ? value : null
    },
    set: async (key, value) => {
      const content = { ...(await read()), [key]: value }
      await mkdir(dirname(file), { recursive: true })
      // Renamed into place: another process that reads at this moment sees the old file or the new one.
      const temporary = `${file}.${process.pid}`
      await writeFile(temporary, `${JSON.stringify(content, null, 1)}\n`)
      await rename(temporary, file)
    },
  }
}
