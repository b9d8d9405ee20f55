/** Columns and line breaks for fixed-width output. */

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u
const invisible = /[\p{Mn}\p{Me}\p{Cf}]/u

/** Columns a text takes on a terminal: East Asian wide characters and emoji two, combining marks none. */
export const displayWidth = (text: string): number => {
  let width = 0
  for (const character of text) width += invisible.test(character) ? 0 : wide.test(character) ? 2 : 1
  return width
}

/** The text, shortened with an ellipsis to at most `width` columns. */
export const clipped = (text: string, width: number): string => {
  if (displayWidth(text) <= width) return text
  let kept = ''
  let used = 0
  for (const character of text) {
    const next = displayWidth(character)
    if (used + next > width - 1) break
    kept += character
    used += next
  }
  return `${kept}…`
}

/** Shortened in the middle: names often differ at their end ("... on model-a", "... on model-b"). */
export const clippedMiddle = (text: string, width: number): string => {
  if (displayWidth(text) <= width) return text
  const tail = Math.floor(width / 2)
  let end = ''
  for (const character of [...text].reverse()) {
    if (displayWidth(end) + displayWidth(character) > tail) break
    end = `${character}${end}`
  }
  return `${clipped(text, width - displayWidth(end))}${end}`
}

export const padded = (text: string, width: number, side: 'left' | 'right'): string => {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)))
  return side === 'left' ? `${text}${space}` : `${space}${text}`
}

/** Breaks at spaces (but never inside "80 %" or "p = 0.03") into lines of at most `width` columns, the later ones indented. */
export const wrapped = (text: string, width: number, indent = ''): string => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/(?<![=<]) (?![%=<])/)) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && displayWidth(longer) > width) {
      lines.push(line)
      line = `${indent}${word}`
    } else line = longer
  }
  return [...lines, line].join('\n')
}
