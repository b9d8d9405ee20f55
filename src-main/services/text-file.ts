import { readFile } from 'node:fs/promises'

import { LabError } from '../../src-core/domain/errors.ts'

/** How files are read; injected where a door must not touch the disk. Read-only by type. */
export type ReadFile = (path: string) => Promise<Uint8Array>

export const readFromDisk: ReadFile = (path) => readFile(path)

const startsWith = (bytes: Uint8Array, mark: readonly number[]): boolean =>
  mark.every((byte, index) => bytes[index] === byte)

/** 1-based line of the first byte that is no UTF-8: the longest valid beginning, found by halving. */
const lineOfBadByte = (bytes: Uint8Array): number => {
  const valid = (end: number): boolean => {
    try {
      // A cut character at the end is no error of the beginning: `stream` keeps it waiting.
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end), { stream: true })
      return true
    } catch (error) {
      if (error instanceof TypeError) return false
      throw error
    }
  }
  let low = 0
  let high = bytes.length
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (valid(middle)) low = middle
    else high = middle - 1
  }
  let line = 1
  for (let i = 0; i < low; i++) if (bytes[i] === 10) line += 1
  return line
}

export type Decoded = { readonly text: string } | { readonly line: number; readonly message: string }

/**
 * UTF-8 with or without byte order mark, or UTF-16 with one; the mark is not part of the text. Anything else is refused:
 * a guessed code page would change test cases without a word.
 */
export const decodeText = (bytes: Uint8Array): Decoded => {
  const encoding = startsWith(bytes, [0xff, 0xfe]) ? 'utf-16le' : startsWith(bytes, [0xfe, 0xff]) ? 'utf-16be' : 'utf-8'
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes) }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    const line = encoding === 'utf-8' ? lineOfBadByte(bytes) : 1
    return {
      line,
      message: `The file is not ${encoding.toUpperCase()} text. Save it as UTF-8 (spreadsheets call it "CSV UTF-8").`,
    }
  }
}

/** Why a file could not be read, in words; null for errors that are not about the file. */
const fileTrouble = (error: unknown): string | null => {
  const code = error instanceof Error && 'code' in error ? error.code : null
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'does not exist'
    case 'EACCES':
    case 'EPERM':
      return 'may not be read (permission denied)'
    case 'EISDIR':
      return 'is a folder, not a file'
    case 'ERR_FS_FILE_TOO_LARGE':
      return 'is larger than 2 GB'
    default:
      return null
  }
}

/** Bytes of a file, or the sentence that says why not. */
export const tryRead = async (
  path: string,
  readFile: ReadFile,
): Promise<{ readonly bytes: Uint8Array } | { readonly trouble: string }> => {
  try {
    return { bytes: await readFile(path) }
  } catch (error) {
    const trouble = fileTrouble(error)
    if (trouble === null)
      throw new LabError('internal', `${path} could not be read: ${String(error)}`, { cause: error })
    return { trouble }
  }
}
