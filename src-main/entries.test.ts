import { expect, it } from 'vitest'
import { entryNames, entryUrl } from './entries.ts'

it('names the source file in a checkout', () => {
  expect(entryUrl('regex-worker', 'file:///lab/src-main/entries.ts').href).toBe(
    'file:///lab/src-main/evaluation/regex-worker.ts',
  )
  expect(entryUrl('store-writer', 'file:///lab/src-main/entries.ts').href).toBe(
    'file:///lab/src-main/store/writer-thread.ts',
  )
})

it('names the chunk beside the asking chunk in a build', () => {
  for (const name of entryNames) {
    expect(entryUrl(name, 'file:///app/dist/chunk-x1.js').href).toBe(`file:///app/dist/${name}.js`)
  }
})
