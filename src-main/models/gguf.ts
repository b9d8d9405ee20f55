import { type FileHandle, open } from 'node:fs/promises'

/** What the lab wants to know of a GGUF file without loading it; null where the file does not say. */
export type GgufFacts = {
  readonly architecture: string | null
  readonly name: string | null
  readonly license: string | null
  readonly quantization: string | null
  /** Tokens the model was trained with. */
  readonly contextLength: number | null
}

// llama.cpp, enum llama_ftype.
const quantizations: Readonly<Record<number, string>> = {
  0: 'F32',
  1: 'F16',
  2: 'Q4_0',
  3: 'Q4_1',
  7: 'Q8_0',
  8: 'Q5_0',
  9: 'Q5_1',
  10: 'Q2_K',
  11: 'Q3_K_S',
  12: 'Q3_K_M',
  13: 'Q3_K_L',
  14: 'Q4_K_S',
  15: 'Q4_K_M',
  16: 'Q5_K_S',
  17: 'Q5_K_M',
  18: 'Q6_K',
  19: 'IQ2_XXS',
  20: 'IQ2_XS',
  21: 'Q2_K_S',
  22: 'IQ3_XS',
  23: 'IQ3_XXS',
  24: 'IQ1_S',
  25: 'IQ4_NL',
  26: 'IQ3_S',
  27: 'IQ3_M',
  28: 'IQ2_S',
  29: 'IQ2_M',
  30: 'IQ4_XS',
  31: 'IQ1_M',
  32: 'BF16',
  36: 'TQ1_0',
  37: 'TQ2_0',
  38: 'MXFP4',
}

/**
 * Reads the header of a GGUF file (version 2 or 3, little endian). Null where it is no such file; rejects when the file
 * cannot be read. Format: ggml's docs/gguf.md.
 */
export const readGguf = async (path: string): Promise<GgufFacts | null> => {
  const file = await open(path, 'r')
  try {
    return await readHeader(createReader(file))
  } catch (error) {
    if (error instanceof NotGguf) return null
    throw error
  } finally {
    await file.close()
  }
}

class NotGguf extends Error {}

const readHeader = async (reader: Reader): Promise<GgufFacts> => {
  if ((await reader.bytes(4)).toString('latin1') !== 'GGUF') throw new NotGguf('no GGUF magic')
  const version = await reader.u32()
  if (version !== 2 && version !== 3) throw new NotGguf(`GGUF version ${version}`)
  await reader.u64()
  const count = await reader.u64()
  if (count > 100_000) throw new NotGguf('damaged header')
  const found = new Map<string, string | number>()
  for (let i = 0; i < count; i++) {
    const key = await reader.text()
    const value = await readValue(reader, await reader.u32())
    if (value !== null) found.set(key, value)
  }
  const text = (key: string): string | null => {
    const value = found.get(key)
    return typeof value === 'string' ? value : null
  }
  const number = (key: string): number | null => {
    const value = found.get(key)
    return typeof value === 'number' ? value : null
  }
  const architecture = text('general.architecture')
  return {
    architecture,
    name: text('general.name'),
    license: text('general.license'),
    quantization: quantizations[number('general.file_type') ?? -1] ?? null,
    contextLength: number(`${architecture}.context_length`),
  }
}

const widths: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 }
const stringType = 8
const arrayType = 9

/** Texts and unsigned numbers as they are; everything else is skipped and null. */
const readValue = async (reader: Reader, type: number): Promise<string | number | null> => {
  if (type === stringType) return reader.text()
  if (type === arrayType) {
    const element = await reader.u32()
    const length = await reader.u64()
    const width = widths[element]
    if (width !== undefined) await reader.skip(width * length)
    else if (element === stringType) for (let i = 0; i < length; i++) await reader.skip(await reader.u64())
    else throw new NotGguf(`array of type ${element}`)
    return null
  }
  if (type === 4) return reader.u32()
  if (type === 10) return reader.u64()
  const width = widths[type]
  if (width === undefined) throw new NotGguf(`type ${type}`)
  await reader.skip(width)
  return null
}

type Reader = ReturnType<typeof createReader>

const blockBytes = 1 << 20

const createReader = (file: FileHandle) => {
  let block = Buffer.alloc(0)
  let at = 0
  let next = 0

  const need = async (length: number): Promise<void> => {
    if (block.length - at >= length) return
    const rest = block.subarray(at)
    const more = Buffer.alloc(Math.max(blockBytes, length))
    const { bytesRead } = await file.read(more, 0, more.length, next)
    next += bytesRead
    block = Buffer.concat([rest, more.subarray(0, bytesRead)])
    at = 0
    if (block.length < length) throw new NotGguf('the file ends within its header')
  }
  const take = async (length: number): Promise<Buffer> => {
    if (length > 1 << 26) throw new NotGguf('damaged header')
    await need(length)
    const taken = block.subarray(at, at + length)
    at += length
    return taken
  }
  // A vocabulary is hundreds of thousands of short texts: these two must not wait where nothing is to be waited for.
  const skip = async (length: number): Promise<void> => {
    const here = Math.min(length, block.length - at)
    at += here
    next += length - here
  }
  const u64 = async (): Promise<number> => Number((await take(8)).readBigUInt64LE())
  return {
    bytes: take,
    skip,
    u32: async (): Promise<number> => (await take(4)).readUInt32LE(),
    u64,
    text: async (): Promise<string> => (await take(await u64())).toString('utf8'),
  }
}
