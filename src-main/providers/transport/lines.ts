import { StringDecoder } from 'node:string_decoder'

/**
 * Cuts bytes that arrive in any pieces into lines (LF, CRLF or CR), and calls `onLine` for each. A character split between
 * two pieces is put together; `end` gives the last line if it has no end.
 */
export type LineReader = { read(chunk: Buffer): void; end(): void }

export const createLineReader = (onLine: (line: string) => void): LineReader => {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  /** The last piece ended with CR: an LF at the start of the next one belongs to it. */
  let afterCr = false

  const take = (text: string): void => {
    let start = 0
    if (afterCr && text.length > 0) {
      if (text.charCodeAt(0) === 10) start = 1
      afterCr = false
    }
    for (let i = start; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code !== 10 && code !== 13) continue
      const line = rest + text.slice(start, i)
      rest = ''
      if (code === 13) {
        if (i + 1 === text.length) afterCr = true
        else if (text.charCodeAt(i + 1) === 10) i++
      }
      start = i + 1
      onLine(line)
    }
    rest += text.slice(start)
  }

  return {
    read: (chunk) => take(decoder.write(chunk)),
    end: () => {
      take(decoder.end())
      if (rest === '') return
      const line = rest
      rest = ''
      onLine(line)
    },
  }
}
