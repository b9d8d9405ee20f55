import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FuseState, FuseV1Options, flipFuses, getCurrentFuseWire } from '@electron/fuses'
import { afterAll, expect, it } from 'vitest'
import { executableOf, fuseConfig } from './fuses.ts'

const folder = mkdtempSync(join(tmpdir(), 'prompt-lab-fuses-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What @electron/fuses looks for in a binary: its sentence, the version, the number of fuses, and one character each. */
const binary = (): string => {
  const file = join(folder, `electron-${Math.trunc(performance.now() * 1_000)}`)
  const wire = Buffer.concat([
    Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
    Buffer.from([1, 9]),
    Buffer.from('101100011'),
  ])
  writeFileSync(file, Buffer.concat([Buffer.alloc(64), wire, Buffer.alloc(64)]))
  return file
}

const { ENABLE: on, DISABLE: off } = FuseState
it.each([
  ['a release', false, off],
  ['a test build', true, on],
] as const)('the fuses of %s, read back from the binary', async (_name, testBuild, inspector) => {
  const file = binary()
  await flipFuses(file, fuseConfig(testBuild))
  expect(await getCurrentFuseWire(file)).toMatchObject({
    [FuseV1Options.RunAsNode]: off,
    [FuseV1Options.EnableCookieEncryption]: on,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: off,
    [FuseV1Options.EnableNodeCliInspectArguments]: inspector,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: on,
    [FuseV1Options.OnlyLoadAppFromAsar]: on,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: off,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: off,
    [FuseV1Options.WasmTrapHandlers]: on,
  })
})

it('finds the executable of each package', () => {
  expect(executableOf('/out', 'darwin', 'Prompt Lab', 'x')).toBe(
    join('/out', 'Prompt Lab.app', 'Contents', 'MacOS', 'Prompt Lab'),
  )
  expect(executableOf('/out', 'win32', 'Prompt Lab', 'x')).toBe(join('/out', 'Prompt Lab.exe'))
  expect(executableOf('/out', 'linux', 'Prompt Lab', 'prompt-lab')).toBe(join('/out', 'prompt-lab'))
})
