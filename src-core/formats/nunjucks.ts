import { splitText } from '../template/variables.ts'

/** Words that a Nunjucks expression reads as something else than a variable (nunjucks 3.2, src/parser.js and lexer.js). */
const reserved = new Set([
  'and',
  'or',
  'not',
  'in',
  'is',
  'if',
  'else',
  'true',
  'false',
  'none',
  'null',
  'loop',
  'super',
  'caller',
  'range',
  'cycler',
  'joiner',
  'env',
])

/** The name a variable goes by in Nunjucks: its own, with `_` behind it where that means something else there. */
export const nunjucksName = (name: string): string => (reserved.has(name) ? `${name}_` : name)

/**
 * One of our texts as a Nunjucks template that renders to the same: `{name}` becomes `{{ name }}`, `{{name}}` the text
 * `{name}`. A brace of the text that would open a tag together with what follows it is written as an expression.
 */
export const toNunjucks = (text: string): string => {
  let out = ''
  for (const piece of [...splitText(text)].toReversed()) {
    if (piece.kind === 'variable') {
      out = `{{ ${nunjucksName(piece.name)} }}${out}`
      continue
    }
    const plain = piece.kind === 'literal' ? `{${piece.name}}` : piece.text
    for (let i = plain.length - 1; i >= 0; i--) {
      const opens = plain[i] === '{' && /^[{%#]/.test(out)
      out = (opens ? "{{ '{' }}" : plain[i]) + out
    }
  }
  return out
}
