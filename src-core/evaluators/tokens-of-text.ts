import { foldCase, plain, unspaced } from './text.ts'

const unspacedLetter = new RegExp(`[${unspaced}]`, 'gu')

/** Letters of scripts without spaces become tokens of their own, as MLQA does for Chinese. */
const spacedOut = (text: string): string => text.replace(unspacedLetter, ' $& ')

/**
 * The normal form of SQuAD's official script (lower case; no punctuation; no a, an, the; white space), with Unicode's
 * punctuation added to ASCII's and letters of scripts without spaces as tokens.
 */
export const squadTokens = (text: string): string[] =>
  spacedOut(plain(text).toLowerCase())
    .replace(/[\p{P}$+<=>^`|~]/gu, '')
    .replace(/\b(?:a|an|the)\b/g, ' ')
    .split(/\s+/)
    .filter((token) => token !== '')

/** As the `rouge-score` package tokenises without stemming (lower case, runs of letters and digits), for all scripts. */
export const rougeTokens = (text: string): string[] =>
  spacedOut(foldCase(plain(text))).match(/[\p{L}\p{M}\p{N}]+/gu) ?? []

/**
 * mteval-v13a as sacreBLEU does it: punctuation apart, but not the marks inside numbers. Letters of scripts without spaces
 * are tokens, as sacreBLEU's `zh` tokeniser makes them.
 */
export const bleuTokens = (text: string): string[] =>
  spacedOut(` ${plain(text).replace(/-\n/g, '').replace(/\n/g, ' ')} `)
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/([{-~[-` -&(-+:-@/])/g, ' $1 ')
    .replace(/([^0-9])([.,])/g, '$1 $2 ')
    .replace(/([.,])([^0-9])/g, ' $1 $2')
    .replace(/([0-9])(-)/g, '$1 $2 ')
    .split(/\s+/)
    .filter((token) => token !== '')
