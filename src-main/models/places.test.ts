import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LabError } from '../../src-core/domain/errors.ts'
import { catalogue, parseCatalogue } from './catalogue.ts'
import { fileDigest, knownDigest } from './digest.ts'
import { discoverModels } from './discover.ts'
import { modelsFolder } from './folder.ts'
import { ollamaModels } from './ollama-store.ts'
import { resolveModelPath } from './resolve.ts'
import { createModelsService } from './service.ts'
import { ggufFile } from './test/gguf-file.ts'

let home = ''
let folder = ''
const digest = 'ab'.repeat(32)
const before = process.env.OLLAMA_MODELS

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'places-'))
  folder = join(home, 'own')
  const studio = join(home, 'studio', 'someone', 'tiny-GGUF')
  const manifests = join(home, 'ollama', 'manifests', 'host.example', 'library', 'tiny')
  for (const each of [folder, studio, manifests, join(home, 'ollama', 'blobs')]) await mkdir(each, { recursive: true })
  await writeFile(join(folder, 'mine.gguf'), ggufFile())
  await writeFile(join(folder, 'half.gguf.part'), ggufFile())
  await writeFile(join(folder, 'broken.gguf'), 'nothing')
  await writeFile(join(studio, 'tiny.gguf'), ggufFile())
  await writeFile(join(studio, 'mmproj-tiny.gguf'), ggufFile())
  await writeFile(join(home, 'ollama', 'blobs', `sha256-${digest}`), ggufFile())
  const layers = [{ mediaType: 'application/vnd.ollama.image.model', digest: `sha256:${digest}` }]
  await writeFile(join(manifests, 'latest'), JSON.stringify({ layers }))
  await writeFile(join(manifests, 'broken'), '{')
  process.env.OLLAMA_MODELS = join(home, 'ollama')
})
afterEach(async () => {
  if (before === undefined) delete process.env.OLLAMA_MODELS
  else process.env.OLLAMA_MODELS = before
  await rm(home, { recursive: true, force: true })
})

test('the folder: told, by the convention, or the home folder', () => {
  expect(modelsFolder({ PROMPTLAB_MODELS: '/m' })).toBe('/m')
  expect(modelsFolder({ XDG_CACHE_HOME: '/c' })).toBe(join('/c', 'prompt-lab', 'models'))
  expect(modelsFolder({})).toMatch(/\.cache.prompt-lab.models$/)
})

test('the catalogue is whole, and a damaged one is refused', () => {
  expect(catalogue().map((entry) => entry.id)).toContain('smollm2-135m-instruct')
  expect(() => parseCatalogue('{"version":1,"models":[{"id":"x","file":"../x.gguf"}]}')).toThrow(LabError)
})

test('finds what is here: our own folder, LM Studio, Ollama', async () => {
  const models = await discoverModels({ folder, lmStudio: [join(home, 'studio')], ollama: join(home, 'ollama') })
  const studioPath = join(home, 'studio', 'someone', 'tiny-GGUF', 'tiny.gguf')
  expect(models.map(({ model, path }) => [model, path])).toEqual([
    ['mine.gguf', join(folder, 'mine.gguf')],
    [studioPath, studioPath],
    ['ollama:tiny:latest', join(home, 'ollama', 'blobs', `sha256-${digest}`)],
  ])
  expect(models[0]).toMatchObject({
    provider: 'llamacpp',
    quantization: 'Q4_K_M',
    license: 'mit',
    contextLength: 2048,
    digest: null,
    loaded: null,
  })
  expect(models[2]?.digest).toBe(digest)
})

test('Ollama without a store has no models', async () => {
  expect(await ollamaModels(join(home, 'nowhere'))).toEqual([])
})

test('a name is resolved to its file', async () => {
  const mine = join(folder, 'mine.gguf')
  for (const name of [mine, 'mine.gguf', 'mine']) expect(await resolveModelPath(name, folder)).toBe(mine)
  const blob = join(home, 'ollama', 'blobs', `sha256-${digest}`)
  for (const name of ['ollama:tiny', 'ollama:tiny:latest']) expect(await resolveModelPath(name, folder)).toBe(blob)
})

test('a missing model is a sentence that says how to get it', async () => {
  const refusal = (name: string) =>
    resolveModelPath(name, folder).then(
      () => 'found',
      (error: LabError) => `${error.code}: ${error.message}`,
    )
  // A file of the right name and the wrong size is a download that was cut.
  await writeFile(join(folder, 'smollm2-135m-instruct-q4_1.gguf'), ggufFile())
  expect(await refusal('smollm2-135m-instruct')).toBe(
    'model-unavailable: The model "smollm2-135m-instruct" is not here: get it with `promptlab models pull smollm2-135m-instruct`.',
  )
  expect(await refusal('ollama:other')).toContain('`ollama pull other`')
  expect(await refusal('gpt-9')).toContain('smollm2-135m-instruct')
  expect(await refusal('./no/such.gguf')).toContain('There is no model file at ')
})

test('a digest is remembered until the file changes', async () => {
  const path = join(folder, 'mine.gguf')
  expect(await knownDigest(path, folder)).toBeNull()
  const first = await fileDigest(path, { folder })
  expect(await knownDigest(path, folder)).toBe(first)
  await writeFile(path, 'changed')
  expect(await knownDigest(path, folder)).toBeNull()
  expect(await fileDigest(path, { folder })).not.toBe(first)
})

test('the list holds models, catalogue and, once measured, speeds; a provider that is away has no models', async () => {
  const models = await discoverModels({ folder, lmStudio: [], ollama: join(home, 'ollama') })
  const providers = {
    get: async (id: string) => {
      if (id === 'ollama') throw new LabError('unreachable', 'not running')
      return { id, available: async () => models } as never
    },
  }
  const list = await createModelsService({ providers, folder }).list()
  expect(list.models.map(({ id, tokensPerSecond }) => [id, tokensPerSecond])).toEqual([
    ['mine.gguf', null],
    ['ollama:tiny:latest', null],
  ])
  expect(list.catalogue.every((entry) => !entry.here)).toBe(true)
})
