import { constants, copyFile, mkdir, readdir, readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { z } from 'zod'

import { LabError } from '../../src-core/domain/errors.ts'
import { suggestion } from '../../src-core/lab/suggest.ts'
import { resourcePath } from '../package-root.ts'

const sampleSchema = z.strictObject({
  /** The folder below resources/samples, and the word on the command line. */
  name: z.string(),
  title: z.string(),
  description: z.string(),
  licence: z.string(),
  cases: z.int().positive(),
  /** What a run of it teaches. */
  shows: z.string(),
})

export type Sample = z.output<typeof sampleSchema>

/** What `initLab` made; paths as the caller wrote the folder. */
export type MadeLab = {
  readonly dir: string
  readonly lab: string
  readonly sample: string
  readonly files: readonly string[]
}

const schemaFile = 'lab.schema.json'

/** The samples shipped with the program, the one to begin with first. */
export const listSamples = async (): Promise<readonly Sample[]> =>
  z.array(sampleSchema).parse(JSON.parse(await readFile(resourcePath('samples', 'index.json'), 'utf8')))

/** LabError 'not-found' with the nearest name. */
export const findSample = async (name: string): Promise<Sample> => {
  const samples = await listSamples()
  const found = samples.find((sample) => sample.name === name)
  if (found !== undefined) return found
  throw new LabError(
    'not-found',
    `There is no sample "${name}".${suggestion(
      name,
      samples.map((sample) => sample.name),
    )}`,
  )
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : null)

const filesIn = async (dir: string): Promise<readonly string[]> => {
  try {
    return await readdir(dir)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT') return []
    if (code === 'ENOTDIR') throw new LabError('usage', `${dir} is a file; a lab needs a folder.`, { cause: error })
    throw cannotWrite(dir, error)
  }
}

const cannotWrite = (dir: string, error: unknown): LabError => {
  const trouble = error instanceof Error ? error.message : String(error)
  return new LabError('usage', `The folder ${dir} cannot be used: ${trouble}.`, { cause: error })
}

/**
 * Makes a lab folder from a sample: its files and the schema that editors check lab.yaml with. The folder may exist and
 * hold other files, but nothing is overwritten: LabError 'usage' names what is in the way, before anything is written.
 */
export const initLab = async (dir: string, name: string): Promise<MadeLab> => {
  const sample = await findSample(name)
  const source = resourcePath('samples', sample.name)
  // Folders beside them (stored runs) are for looking at, not for starting from.
  const entries = await readdir(source, { withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .toSorted()
  const target = resolve(dir)
  const present = new Set(await filesIn(target))
  const inTheWay = [...files, schemaFile].filter((file) => present.has(file))
  if (inTheWay.length > 0) {
    throw new LabError(
      'usage',
      `${dir} already has ${inTheWay.join(', ')}; nothing was written. Choose another folder, or move them away.`,
    )
  }
  const copies = [
    ...files.map((file) => [join(source, file), join(target, file)] as const),
    [resourcePath(schemaFile), join(target, schemaFile)] as const,
  ]
  try {
    await mkdir(target, { recursive: true })
    // COPYFILE_EXCL: what appeared since the look above is not overwritten either.
    for (const [from, to] of copies) await copyFile(from, to, constants.COPYFILE_EXCL)
  } catch (error) {
    throw cannotWrite(dir, error)
  }
  return { dir, lab: join(dir, 'lab.yaml'), sample: sample.name, files: copies.map(([, to]) => basename(to)) }
}
