import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../src-core/domain/errors.ts'
import { requireInCatalogue } from './catalogue.ts'

export type RemovedModel = { readonly id: string; readonly path: string; readonly bytes: number }

/**
 * Deletes a fetched model of the catalogue, and what an unfinished download left of it. Files of other programs are
 * theirs. LabError 'not-found' for an id that is not in the catalogue or not here.
 */
export const removeModel = async (id: string, folder: string): Promise<RemovedModel> => {
  const entry = requireInCatalogue(id)
  const path = join(folder, entry.file)
  const sizes = await Promise.all(
    [path, `${path}.part`].map(async (file) => (await stat(file).catch(() => null))?.size ?? null),
  )
  if (sizes.every((size) => size === null)) throw new LabError('not-found', `The model "${id}" is not in ${folder}.`)
  for (const file of [path, `${path}.part`, `${path}.part.packages.json`, `${path}.part.packages`]) {
    await rm(file, { force: true, recursive: true })
  }
  return { id, path, bytes: sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0) }
}
