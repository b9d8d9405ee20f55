import type { Combination } from '../../src-core/domain/report.ts'

export const sameCombination = (a: Combination, b: Combination): boolean =>
  a.variant === b.variant && a.model === b.model

/** "guided", or "guided on qwen-0.5b" where the run has several models. */
export const combinationName = (one: Combination, among: readonly Combination[]): string => {
  const several = among.some(({ model }) => model !== one.model)
  return several ? `${one.variant} on ${one.model}` : one.variant
}

/** A column of the run by its place, from the address; the fallback where the address names none. */
export const columnAt = (columns: readonly Combination[], text: string, fallback: number): Combination | null =>
  columns[text === '' ? fallback : Number(text)] ?? columns[fallback] ?? null
