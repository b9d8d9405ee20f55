import { type FileHandle, open } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32, createInflateRaw } from 'node:zlib'
import { LabError } from '../../src-core/domain/errors.ts'

export type ZipMember = {
  readonly name: string
  readonly method: number
  readonly crc: number
  readonly compressedBytes: number
  readonly bytes: number
  readonly headerAt: number
}

const endSignature = 0x06054b50
const end64LocatorSignature = 0x07064b50
const end64Signature = 0x06064b50
const centralSignature = 0x02014b50
const localSignature = 0x04034b50
const zip64Extra = 1
const largestDirectory = 1 << 26

/**
 * The members of a zip file (a Python wheel is one), from its central directory. Names are only compared, never used as
 * paths, so that no archive can write outside of the one file we open. Format: PKWARE's APPNOTE 4.3, with zip64.
 * Rejects with LabError 'download' where it is no whole zip file.
 */
export const zipMembers = async (path: string): Promise<readonly ZipMember[]> => {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const { at, bytes, count } = await directoryPlace(file, size)
    if (bytes > largestDirectory || at + bytes > size) throw damaged(path)
    return parseDirectory(await readAt(file, at, bytes), count)
  } catch (error) {
    if (error instanceof RangeError) throw damaged(path)
    throw error
  } finally {
    await file.close()
  }
}

const directoryPlace = async (file: FileHandle, size: number) => {
  const tailAt = Math.max(0, size - 0xffff - 22)
  const tail = await readAt(file, tailAt, size - tailAt)
  let end = tail.length - 22
  while (end >= 0 && tail.readUInt32LE(end) !== endSignature) end--
  if (end < 0) throw new RangeError('no end of central directory')
  const place = {
    count: tail.readUInt16LE(end + 10),
    bytes: tail.readUInt32LE(end + 12),
    at: tail.readUInt32LE(end + 16),
  }
  const locator = end - 20
  if (locator < 0 || tail.readUInt32LE(locator) !== end64LocatorSignature) return place
  const end64 = await readAt(file, Number(tail.readBigUInt64LE(locator + 8)), 56)
  if (end64.readUInt32LE(0) !== end64Signature) throw new RangeError('no zip64 end of central directory')
  return {
    count: Number(end64.readBigUInt64LE(32)),
    bytes: Number(end64.readBigUInt64LE(40)),
    at: Number(end64.readBigUInt64LE(48)),
  }
}

const parseDirectory = (directory: Buffer, count: number): ZipMember[] => {
  const members: ZipMember[] = []
  let at = 0
  for (let i = 0; i < count; i++) {
    if (directory.readUInt32LE(at) !== centralSignature) throw new RangeError('no central header')
    const nameLength = directory.readUInt16LE(at + 28)
    const extraLength = directory.readUInt16LE(at + 30)
    const extra = directory.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength)
    const [bytes, compressedBytes, headerAt] = wide(
      [directory.readUInt32LE(at + 24), directory.readUInt32LE(at + 20), directory.readUInt32LE(at + 42)],
      extra,
    )
    members.push({
      name: directory.subarray(at + 46, at + 46 + nameLength).toString('utf8'),
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      compressedBytes,
      bytes,
      headerAt,
    })
    at += 46 + nameLength + extraLength + directory.readUInt16LE(at + 32)
  }
  return members
}

/** A field of all ones stands in the zip64 extra field instead, in the order of the fields. */
const wide = (fields: readonly [number, number, number], extra: Buffer): [number, number, number] => {
  let at = 0
  while (at + 4 <= extra.length && extra.readUInt16LE(at) !== zip64Extra) at += 4 + extra.readUInt16LE(at + 2)
  let next = at + 4
  const take = (field: number): number => {
    if (field !== 0xffffffff) return field
    const value = Number(extra.readBigUInt64LE(next))
    next += 8
    return value
  }
  return [take(fields[0]), take(fields[1]), take(fields[2])]
}

/** Writes a member's content to a stream, checking its size and CRC. Rejects with LabError 'download' for a damaged one. */
export const extractMember = async (
  path: string,
  member: ZipMember,
  target: Writable,
  signal?: globalThis.AbortSignal,
): Promise<void> => {
  const file = await open(path, 'r')
  try {
    const header = await readAt(file, member.headerAt, 30)
    if (header.readUInt32LE(0) !== localSignature || (member.method !== 0 && member.method !== 8)) throw damaged(path)
    const start = member.headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
    const stored = file.createReadStream({ start, end: start + member.compressedBytes - 1, autoClose: false })
    let crc = 0
    let bytes = 0
    const check = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        crc = crc32(chunk, crc)
        bytes += chunk.length
        done(bytes > member.bytes ? damaged(path) : null, chunk)
      },
      flush: (done) => done(bytes === member.bytes && crc === member.crc ? null : damaged(path)),
    })
    const stages = member.method === 8 ? [stored, createInflateRaw(), check, target] : [stored, check, target]
    await pipeline(stages, signal === undefined ? {} : { signal })
  } catch (error) {
    throw (error as { code?: unknown }).code?.toString().startsWith('Z_') === true || error instanceof RangeError
      ? damaged(path)
      : error
  } finally {
    await file.close()
  }
}

const readAt = async (file: FileHandle, at: number, length: number): Promise<Buffer> => {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await file.read(buffer, 0, length, at)
  if (bytesRead < length) throw new RangeError('the file ends too early')
  return buffer
}

const damaged = (path: string): LabError =>
  new LabError('download', `The package ${path.split(/[\\/]/).at(-1)} is damaged.`)
