import type { PromptTemplate } from '../domain/prompt.ts'

/**
 * One piece of a template. `literal` is the text a `{{name}}` stands for, `{name}`, with the name kept for warnings.
 */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'literal'; readonly name: string }

const identifier = '[\\p{ID_Start}_]\\p{ID_Continue}*'
/** Double braces come first, so that `{{name}}` is never read as `{` + variable + `}`. Built anew: it holds a position. */
const placeholder = (): RegExp => new RegExp(`\\{\\{(${identifier})\\}\\}|\\{(${identifier})\\}`, 'gu')
const wholeIdentifier = new RegExp(`^${identifier}$`, 'u')

/** Whether `{name}` would be read as a variable: a Unicode identifier, without `-`, `.`, `$` or spaces. */
export const isVariableName = (name: string): boolean => wholeIdentifier.test(name)

/**
 * Splits a text into pieces whose source texts, joined, are the text again. Braces that enclose anything but an
 * identifier are text, so JSON in a prompt needs no escape.
 */
export const splitText = (text: string): readonly Piece[] => {
  const pieces: Piece[] = []
  let end = 0
  for (const match of text.matchAll(placeholder())) {
    if (match.index > end) pieces.push({ kind: 'text', text: text.slice(end, match.index) })
    const [source, literal, variable] = match
    if (literal !== undefined) pieces.push({ kind: 'literal', name: literal })
    else if (variable !== undefined) pieces.push({ kind: 'variable', name: variable })
    end = match.index + source.length
  }
  if (end < text.length) pieces.push({ kind: 'text', text: text.slice(end) })
  return pieces
}

/** The texts of a template in order: its one text, or the contents of its messages. */
const templateTexts = (template: PromptTemplate): readonly string[] =>
  template.kind === 'text' ? [template.text] : template.messages.map((message) => message.content)

const namesOf = (template: PromptTemplate, kind: 'variable' | 'literal'): readonly string[] => {
  const names = new Set<string>()
  for (const text of templateTexts(template)) {
    for (const piece of splitText(text)) if (piece.kind === kind) names.add(piece.name)
  }
  return [...names]
}

/** Names of the `{variables}` of a template, each once, in order of first use. */
export const findVariables = (template: PromptTemplate): readonly string[] => namesOf(template, 'variable')

/** Names written as `{{name}}`, each once, in order of first use. */
export const findLiterals = (template: PromptTemplate): readonly string[] => namesOf(template, 'literal')
