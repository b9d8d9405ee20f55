/** Normal forms of text. All of them use LF line ends and Unicode NFC: what looks equal to a reader is equal here. */

export type TextOptions = {
  readonly ignoreCase?: boolean | undefined
  readonly trim?: boolean | undefined
  readonly ignorePunctuation?: boolean | undefined
  readonly firstLine?: boolean | undefined
}

export const plain = (text: string): string =>
  (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text).normalize('NFC')

/** Case folding that also makes one of ß and SS, and of the two lower-case sigmas. */
export const foldCase = (text: string): string => text.toUpperCase().toLowerCase().normalize('NFC')

/**
 * Removes punctuation (Unicode P and the ASCII symbols) except inside numbers, whose signs and marks carry meaning, and
 * makes one space of every run of white space. Text of nothing but punctuation is kept: "?" must not equal "!".
 */
const withoutPunctuation = (text: string): string => {
  const bare = text
    .replace(
      /((?<![\p{L}\p{N}])[-−+]?\d+(?:[.,:/]\d+)*%?)|[\p{P}$+<=>^`|~]/gu,
      (_, number: string | undefined) => number ?? '',
    )
    .replace(/\s+/g, ' ')
    .trim()
  return bare === '' ? text : bare
}

export const firstFilledLine = (text: string): string => text.split('\n').find((line) => line.trim() !== '') ?? ''

export const normalise = (text: string, options: TextOptions): string => {
  let result = plain(text)
  if (options.firstLine) result = firstFilledLine(result)
  if (options.trim) result = result.trim()
  if (options.ignorePunctuation) result = withoutPunctuation(result)
  return options.ignoreCase ? foldCase(result) : result
}

/** At most `length` characters for a reason, on one line, in quotes. */
export const excerpt = (text: string, length = 80): string => {
  // A character has at most two units: a longer beginning is never needed, however long the text.
  const line = text
    .slice(0, length * 4)
    .replace(/\s+/g, ' ')
    .trim()
  if (line.length <= length && text.length <= length * 4) return JSON.stringify(line)
  const points = [...line]
  const whole = points.length <= length && text.length <= length * 4
  return JSON.stringify(whole ? line : `${points.slice(0, length - 1).join('')}…`)
}

/** Expected answers and labels are few and come again with every cell: their normal forms are worked out once. */
export const remembered = <T>(form: (text: string) => T): ((text: string) => T) => {
  const known = new Map<string, T>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const made = form(text)
    if (known.size >= 10_000) known.clear()
    known.set(text, made)
    return made
  }
}

export const escapePattern = (literal: string): string => literal.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/** Scripts that write words without spaces between them: their letters are words of their own here. */
export const unspaced =
  '\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}'
