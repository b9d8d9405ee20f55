/** One measured number and the bound it is held to; `bound` null: shown, not judged. */
export type Figure = {
  readonly figure: string
  readonly value: number
  readonly bound: number | null
  readonly unit: string
  readonly ok: boolean
}

const rounded = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(4)))

/** Prints a figure as one JSON line. `most`: the bound is an upper one (the usual case), else a lower one. */
export const print = (
  figure: string,
  value: number,
  { bound, unit, most = true }: { readonly bound: number | null; readonly unit: string; readonly most?: boolean },
): Figure => {
  const ok = bound === null || (most ? value <= bound : value >= bound)
  const line: Figure = { figure, value: rounded(value), bound, unit, ok }
  process.stdout.write(`${JSON.stringify(line)}\n`)
  return line
}
