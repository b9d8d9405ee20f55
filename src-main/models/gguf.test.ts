import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readGguf } from './gguf.ts'
import { ggufFile } from './test/gguf-file.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gguf-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const facts = { architecture: 'qwen2', name: 'Tiny', license: 'mit', quantization: 'Q4_K_M', contextLength: 2048 }

// The longer vocabulary does not fit one block of the reader.
test.each([3, 60_000])('reads the facts on both sides of a vocabulary of %i words', async (words) => {
  const path = join(folder, 'tiny.gguf')
  await writeFile(path, ggufFile(words))
  expect(await readGguf(path)).toEqual(facts)
})

test('what is no GGUF file, or a cut one, has no facts', async () => {
  const path = join(folder, 'no.gguf')
  for (const bytes of [
    Buffer.from('PK'),
    Buffer.from('GGUF\x09\0\0\0'),
    ggufFile().subarray(0, 100),
    Buffer.alloc(0),
  ]) {
    await writeFile(path, bytes)
    expect(await readGguf(path)).toBeNull()
  }
})
