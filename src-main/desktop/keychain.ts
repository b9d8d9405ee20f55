import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { LabError } from '../../src-core/domain/errors.ts'
import type { KeyVault } from '../workspace/services.ts'

/** As much of Electron's safeStorage as is used here. */
export type SafeStorage = {
  isEncryptionAvailable(): boolean
  getSelectedStorageBackend(): string
  encryptString(text: string): Buffer
  decryptString(encrypted: Buffer): string
}

const stored = z.strictObject({ version: z.literal(1), backend: z.string(), keys: z.record(z.string(), z.base64()) })

const labels: Readonly<Record<string, string>> = { darwin: 'the macOS Keychain', win32: 'Windows (your user account)' }

/**
 * Keys in the system's keychain through `safeStorage`; `file` holds only what it encrypted. Electron's `basic_text` is a
 * password that stands in its source: it counts as no safe place, and nothing is written then. Keys that another backend
 * wrote cannot be read any more: they are set again by hand, and the old ones stay in the file until then.
 *
 * Call it after the app is ready. `platform` is Node's.
 */
export const openKeychain = (safeStorage: SafeStorage, file: string, platform: NodeJS.Platform): KeyVault => {
  const backend = platform === 'linux' ? safeStorage.getSelectedStorageBackend() : platform
  const safe = backend !== 'basic_text' && backend !== 'unknown' && safeStorage.isEncryptionAvailable()
  const opened = new Map<string, string>()
  const encrypted = safe ? readStored(file, backend) : {}

  const save = () => {
    if (!safe) return
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const text = JSON.stringify({ version: 1, backend, keys: encrypted } satisfies z.infer<typeof stored>)
    writeFileSync(`${file}.part`, text, { mode: 0o600 })
    renameSync(`${file}.part`, file)
  }
  const get = (name: string): string | undefined => {
    const known = opened.get(name)
    if (known !== undefined || !Object.hasOwn(encrypted, name)) return known
    const value = decrypt(safeStorage, encrypted[name] as string, name)
    opened.set(name, value)
    return value
  }
  const where = labels[platform] ?? `this system's secret store (${backend})`
  return {
    backend: safe
      ? { kind: 'keychain', label: where, canSet: true }
      : { kind: 'session', label: 'memory, until the app ends: this system has no safe place for keys', canSet: true },
    get,
    set: async (name, value) => {
      if (safe) encrypted[name] = safeStorage.encryptString(value).toString('base64')
      save()
      opened.set(name, value)
    },
    delete: async (name) => {
      opened.delete(name)
      delete encrypted[name]
      save()
    },
  }
}

const decrypt = (safeStorage: SafeStorage, text: string, name: string): string => {
  try {
    return safeStorage.decryptString(Buffer.from(text, 'base64'))
  } catch (cause) {
    throw new LabError('missing-key', `The system's keychain does not open the key ${name} any more; set it again.`, {
      cause,
    })
  }
}

/** Null-prototype, because names come from lab files. Another backend's texts are not ours to read. */
const readStored = (file: string, backend: string): Record<string, string> => {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return Object.create(null)
    throw cause
  }
  const parsed = stored.safeParse(jsonOrNull(text))
  if (!parsed.success) {
    throw new LabError(
      'internal',
      `The file of encrypted keys (${file}) is damaged. Move it away and set the keys again.`,
    )
  }
  return Object.assign(Object.create(null), parsed.data.backend === backend ? parsed.data.keys : {})
}

const jsonOrNull = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // Told as damaged by the schema.
    return null
  }
}
