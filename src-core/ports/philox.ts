import type { Random } from './random.ts'

/**
 * Philox4x32-10: a counter-based generator (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3",
 * SC 2011). Four 32-bit words of counter and two of key give four words; tested against the authors' known answers.
 */
export const philox4x32 = (
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): [number, number, number, number] => {
  let [c0, c1, c2, c3] = counter
  let [k0, k1] = key
  for (let round = 0; round < 10; round++) {
    if (round > 0) {
      k0 = (k0 + 0x9e3779b9) >>> 0
      k1 = (k1 + 0xbb67ae85) >>> 0
    }
    const high0 = highWord(0xd2511f53, c0)
    const low0 = Math.imul(0xd2511f53, c0) >>> 0
    const high1 = highWord(0xcd9e8d57, c2)
    const low1 = Math.imul(0xcd9e8d57, c2) >>> 0
    c0 = (high1 ^ c1 ^ k0) >>> 0
    c1 = low1
    c2 = (high0 ^ c3 ^ k1) >>> 0
    c3 = low0
  }
  return [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0]
}

/** The upper 32 bits of a product of two 32-bit numbers; doubles hold 53 bits, so it is done in halves. */
const highWord = (a: number, b: number): number => {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16)
  const carry = aLow * bHigh + (middle & 0xffff)
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0
}

/** FNV-1a over the UTF-16 units, with two offsets: a stream's name becomes 64 bits of counter. */
const nameWords = (name: string): readonly [number, number] => {
  let a = 0x811c9dc5
  let b = 0x9e3779b1
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i)
    a = Math.imul(a ^ unit, 0x01000193) >>> 0
    b = Math.imul(b ^ (unit + i), 0x85ebca6b) >>> 0
  }
  return [a, b]
}

/** A draw is a pure function of (seed, stream, index). `seed` and `index` are integers of at most 53 bits. */
export const createPhilox = (seed: number): Random => {
  const key: readonly [number, number] = [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0]
  const streams = new Map<string, readonly [number, number]>()
  return {
    uniform(stream, index) {
      let name = streams.get(stream)
      if (name === undefined) {
        name = nameWords(stream)
        // Names are few; those made per call (jitter) must not pile up.
        if (streams.size < 1000) streams.set(stream, name)
      }
      const [x, y] = philox4x32([index >>> 0, Math.floor(index / 2 ** 32) >>> 0, name[0], name[1]], key)
      return ((x >>> 5) * 2 ** 26 + (y >>> 6)) / 2 ** 53
    },
  }
}
