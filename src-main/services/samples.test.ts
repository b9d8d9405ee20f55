import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { renderMessages } from '../../src-core/template/render.ts'
import { resourcePath } from '../package-root.ts'
import { loadLab } from './lab-loader.ts'
import { initLab, listSamples } from './samples.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'samples-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const samples = await listSamples()

test('the index and the folders agree', async () => {
  const folders = (await readdir(resourcePath('samples'), { withFileTypes: true })).filter((entry) =>
    entry.isDirectory(),
  )
  expect(samples.map((sample) => sample.name).toSorted()).toEqual(folders.map((entry) => entry.name).toSorted())
})

describe.each(samples)('$name', (sample) => {
  test('is made into a folder that loads without a warning', async () => {
    const dir = join(root, sample.name)
    const made = await initLab(dir, sample.name)
    expect((await readdir(dir)).toSorted()).toEqual([...made.files].toSorted())
    expect(made.files).toEqual(
      expect.arrayContaining(['lab.yaml', 'cases.jsonl', 'LICENSE', 'SOURCE.md', 'lab.schema.json']),
    )
    const { snapshot, warnings, rejects } = await loadLab(made.lab)
    expect(warnings).toEqual([])
    expect(rejects).toEqual([])
    expect(snapshot.project).toBe(sample.name)
    expect(snapshot.variants.length).toBeGreaterThanOrEqual(2)
    expect(snapshot.cases.length).toBeGreaterThanOrEqual(60)
    for (const testCase of snapshot.cases) expect(testCase.expected).not.toEqual([])
  })

  test('has the cases that the index says, and says where they come from', async () => {
    const lines = (await readFile(resourcePath('samples', sample.name, 'cases.jsonl'), 'utf8')).trimEnd().split('\n')
    expect(lines).toHaveLength(sample.cases)
    expect(await readFile(resourcePath('samples', sample.name, 'SOURCE.md'), 'utf8')).toMatch(
      /Licence:[\s\S]*Source:[\s\S]*In this folder:/,
    )
  })

  test('shows no test case in a prompt', async () => {
    const { snapshot } = await loadLab(resourcePath('samples', sample.name))
    for (const variant of snapshot.variants) {
      const blank = renderMessages(variant.template, Object.fromEntries(variant.variables.map((name) => [name, ''])))
      if ('missing' in blank) throw new Error('cannot be')
      const shown = blank.messages.filter((message) => message.role === 'user').map((message) => message.content)
      for (const testCase of snapshot.cases) {
        for (const value of Object.values(testCase.inputs)) expect(shown).not.toContain(value)
      }
    }
  })
})

test('nothing is overwritten, and nothing written before that is known', async () => {
  const dir = join(root, 'taken')
  await mkdir(dir)
  await writeFile(join(dir, 'lab.yaml'), 'mine')
  await expect(initLab(dir, 'plurals')).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('lab.yaml'),
  })
  expect(await readdir(dir)).toEqual(['lab.yaml'])
  expect(await readFile(join(dir, 'lab.yaml'), 'utf8')).toBe('mine')
})

test('a folder with other files may be used', async () => {
  const dir = join(root, 'other')
  await mkdir(dir)
  await writeFile(join(dir, 'notes.txt'), 'mine')
  expect((await initLab(dir, 'plurals')).lab).toBe(join(dir, 'lab.yaml'))
  expect(await readFile(join(dir, 'notes.txt'), 'utf8')).toBe('mine')
})

test('a file in place of the folder, and an unknown sample, are told', async () => {
  await writeFile(join(root, 'file'), '')
  await expect(initLab(join(root, 'file'), 'plurals')).rejects.toMatchObject({ code: 'usage' })
  await expect(initLab(join(root, 'x'), 'plural')).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('"plurals"'),
  })
})
