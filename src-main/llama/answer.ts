import { isCompleteJson } from './json-grammar.ts'
import { onlyLabel } from './label-grammar.ts'
import type { GenerationRequest } from './protocol.ts'

export type AnswerEnd = { readonly output: string; readonly reason: 'stop' | 'length' }

export type Answer = {
  /** Null while the answer goes on. */
  add(token: number): AnswerEnd | null
  /** The model itself ended the answer. */
  ended(): AnswerEnd
  readonly outputTokens: number
}

type Vocabulary = {
  text(tokens: readonly number[]): string
  count(text: string): number
}

/**
 * Gathers an answer and knows when it is over, before the model says so where a grammar leaves no choice: a label that
 * has become the only possible one, or a JSON object that is closed, saves one pass through the model per token.
 */
export const createAnswer = (
  request: Pick<GenerationRequest, 'stop' | 'grammar'>,
  maxTokens: number,
  vocabulary: Vocabulary,
): Answer => {
  const tokens: number[] = []
  let saved = 0
  const { stop, grammar } = request

  const over = (): AnswerEnd | null => {
    if (stop.length === 0 && grammar === null) return null
    const text = vocabulary.text(tokens)
    const cut = firstStop(text, stop)
    if (cut !== null) return { output: text.slice(0, cut), reason: 'stop' }
    if (grammar?.kind === 'json' && isCompleteJson(text)) return { output: text, reason: 'stop' }
    const label = grammar?.kind === 'labels' ? onlyLabel(grammar.labels, text) : null
    if (label === null) return null
    saved = label.length > text.length ? vocabulary.count(label.slice(text.length)) : 0
    return { output: label, reason: 'stop' }
  }

  return {
    add: (token) => {
      tokens.push(token)
      return over() ?? (tokens.length >= maxTokens ? { output: vocabulary.text(tokens), reason: 'length' } : null)
    },
    ended: () => ({ output: vocabulary.text(tokens), reason: 'stop' }),
    get outputTokens() {
      return tokens.length + saved
    },
  }
}

const firstStop = (text: string, stop: readonly string[]): number | null => {
  const places = stop.map((each) => text.indexOf(each)).filter((place) => place >= 0)
  return places.length === 0 ? null : Math.min(...places)
}
