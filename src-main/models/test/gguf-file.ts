const text = (value: string): Buffer => {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(value)))
  return Buffer.concat([length, Buffer.from(value)])
}
const u32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4)
  buffer.writeUInt32LE(value)
  return buffer
}
const u64 = (value: number): Buffer => {
  const buffer = Buffer.alloc(8)
  buffer.writeBigUInt64LE(BigInt(value))
  return buffer
}

/** The header of a GGUF file with a vocabulary of `words` between the facts, as real files have it. */
export const ggufFile = (words = 3): Buffer => {
  const facts = [
    [text('general.architecture'), u32(8), text('qwen2')],
    [text('general.name'), u32(8), text('Tiny')],
    [text('qwen2.context_length'), u32(4), u32(2048)],
    [text('qwen2.rope.freq_base'), u32(6), u32(0)],
    [
      text('tokenizer.ggml.tokens'),
      u32(9),
      u32(8),
      u64(words),
      ...Array.from({ length: words }, (_, i) => text(`word${i}`)),
    ],
    [text('tokenizer.ggml.token_type'), u32(9), u32(5), u64(words), ...Array.from({ length: words }, () => u32(1))],
    [text('general.file_type'), u32(4), u32(15)],
    [text('general.license'), u32(8), text('mit')],
  ]
  return Buffer.concat([Buffer.from('GGUF'), u32(3), u64(0), u64(facts.length), ...facts.flat()])
}
