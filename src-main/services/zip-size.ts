const endSignature = 0x06054b50
const entrySignature = 0x02014b50
const endLength = 22
const entryLength = 46
const maxComment = 65_535

/**
 * Sum of the unpacked sizes that a zip file's directory declares, in bytes; null where the bytes are no zip file. A
 * 64-bit entry counts as 4 GB, which is more than we unpack anyway. Format: PKWARE APPNOTE 4.3.12 and 4.3.16.
 */
export const declaredZipSize = (bytes: Uint8Array): number | null => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let end = bytes.length - endLength
  const lowest = Math.max(0, end - maxComment)
  while (end >= lowest && view.getUint32(end, true) !== endSignature) end -= 1
  if (end < lowest) return null
  const entries = view.getUint16(end + 10, true)
  let at = view.getUint32(end + 16, true)
  let total = 0
  for (let i = 0; i < entries; i++) {
    if (at + entryLength > bytes.length || view.getUint32(at, true) !== entrySignature) return null
    total += view.getUint32(at + 24, true)
    at += entryLength + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return total
}
