import type { Paint } from './output.ts'

/** Aligned columns under a bold head. Widths count code points, which is right for ids, numbers and Latin names. */
export const columns = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  options: { readonly right?: readonly number[]; readonly paint: Paint },
): string => {
  const width = head.map((title, i) => Math.max(length(title), ...rows.map((row) => length(row[i] ?? ''))))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => {
        const gap = ' '.repeat((width[i] ?? 0) - length(cell))
        return options.right?.includes(i) === true ? gap + cell : cell + gap
      })
      .join('  ')
      .trimEnd()
  return [options.paint('bold', line(head)), ...rows.map(line)].join('\n')
}

const length = (text: string): number => [...text].length
