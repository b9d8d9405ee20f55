import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openKeychain, type SafeStorage } from './keychain.ts'

const folder = mkdtempSync(join(tmpdir(), 'prompt-lab-keychain-'))
const file = join(folder, 'user', 'keys.json')
beforeEach(() => rmSync(join(folder, 'user'), { recursive: true, force: true }))
afterAll(() => rmSync(folder, { recursive: true }))

/** Not encryption, but nothing a grep for the key would find. */
const storage = (backend: string, available = true): SafeStorage => ({
  isEncryptionAvailable: () => available,
  getSelectedStorageBackend: () => backend,
  encryptString: (text) => Buffer.from([...Buffer.from(text)].map((byte) => byte ^ 0x5a)),
  decryptString: (encrypted) => Buffer.from([...encrypted].map((byte) => byte ^ 0x5a)).toString(),
})
const canary = 'sk-canary-0123456789abcdef'

describe('with a keychain', () => {
  it('keeps keys over a restart, encrypted, in a file of this user alone', async () => {
    await openKeychain(storage('gnome_libsecret'), file, 'linux').set('OPENAI_API_KEY', canary)
    const again = openKeychain(storage('gnome_libsecret'), file, 'linux')
    expect([again.backend.kind, again.get('OPENAI_API_KEY')]).toEqual(['keychain', canary])
    const text = readFileSync(file, 'utf8')
    for (const form of [
      canary,
      Buffer.from(canary).toString('base64'),
      Buffer.from(canary).toString('hex'),
      encodeURIComponent(canary),
    ]) {
      expect(text).not.toContain(form)
    }
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o077).toBe(0)
  })

  it('deletes for good', async () => {
    const keys = openKeychain(storage('kwallet6'), file, 'linux')
    await keys.set('A_KEY', canary)
    await keys.delete('A_KEY')
    expect(keys.get('A_KEY')).toBeUndefined()
    expect(openKeychain(storage('kwallet6'), file, 'linux').get('A_KEY')).toBeUndefined()
  })

  it('reads no text of another backend', async () => {
    await openKeychain(storage('gnome_libsecret'), file, 'linux').set('A_KEY', canary)
    expect(openKeychain(storage('kwallet6'), file, 'linux').get('A_KEY')).toBeUndefined()
  })

  it('takes any name for a name', () => {
    const keys = openKeychain(storage('darwin'), file, 'darwin')
    expect([keys.get('__proto__'), keys.get('constructor')]).toEqual([undefined, undefined])
  })

  it('says that a damaged file is damaged, and leaves it', async () => {
    await openKeychain(storage('x'), file, 'darwin').set('A_KEY', canary)
    for (const text of [
      '',
      '{',
      '{"version":2,"backend":"x","keys":{}}',
      '{"version":1,"backend":"x","keys":{"a":"?"}}',
    ]) {
      writeFileSync(file, text)
      expect(() => openKeychain(storage('x'), file, 'darwin')).toThrow('damaged')
      expect(readFileSync(file, 'utf8')).toBe(text)
    }
  })
})

it.each([
  ['a password in the source (basic_text)', 'basic_text', true, 'linux'],
  ['an unknown store', 'unknown', true, 'linux'],
  ['no encryption', 'gnome_libsecret', false, 'linux'],
  ['a locked keychain', 'x', false, 'darwin'],
] as const)('with %s: in memory only, and nothing is written', async (_name, backend, available, platform) => {
  const keys = openKeychain(storage(backend, available), file, platform)
  await keys.set('A_KEY', canary)
  expect([keys.backend.kind, keys.get('A_KEY')]).toEqual(['session', canary])
  expect(existsSync(file)).toBe(false)
  await keys.delete('A_KEY')
  expect(keys.get('A_KEY')).toBeUndefined()
})
