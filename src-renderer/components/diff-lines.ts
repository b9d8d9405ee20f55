import { type Change, diffLines, diffWordsWithSpace } from 'diff'

export type TextDiff = {
  readonly changes: readonly { readonly kind: 'same' | 'added' | 'removed'; readonly text: string }[]
  /** 'lines' where a word diff would have taken too long; 'none' where even lines would: both texts are then shown whole. */
  readonly by: 'words' | 'lines' | 'none'
}

const limits = { timeout: 120, maxEditLength: 4_000 } as const
const kindOf = (change: Change): 'same' | 'added' | 'removed' =>
  change.added ? 'added' : change.removed ? 'removed' : 'same'
const toChanges = (changes: readonly Change[]) =>
  changes.map((change) => ({ kind: kindOf(change), text: change.value }))

/** Word diff in which white space counts; falls back to lines when it gives up, and to both whole texts after that. */
export const diffTexts = (before: string, after: string): TextDiff => {
  const words = diffWordsWithSpace(before, after, limits)
  if (words !== undefined) return { changes: toChanges(words), by: 'words' }
  const lines = diffLines(before, after, limits)
  if (lines !== undefined) return { changes: toChanges(lines), by: 'lines' }
  return {
    changes: [
      { kind: 'removed', text: before },
      { kind: 'added', text: after },
    ],
    by: 'none',
  }
}
