import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

import { labVersion, packageRoot, resourcePath } from './package-root.ts'

test('the root is the folder of our own package.json, and the version is its', () => {
  const manifest = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'))
  expect(manifest.name).toBe('prompt-lab')
  expect(labVersion()).toBe(manifest.version)
})

test('resources lie below the root', () => {
  expect(resourcePath('samples', 'x.json')).toBe(join(packageRoot(), 'resources', 'samples', 'x.json'))
  expect(existsSync(resourcePath())).toBe(true)
})
