/** A text as a GBNF literal. */
export const gbnfLiteral = (text: string): string =>
  `"${text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\t/g, '\\t')}"`

/** GBNF in which exactly the labels are sentences. */
export const labelGrammar = (labels: readonly string[]): string =>
  `root ::= ${[...new Set(labels)].map(gbnfLiteral).join(' | ')}\n`

/**
 * The one label that the text can still become; null while several can. Once it is known, the rest of the label needs
 * no model: the grammar would force it token by token.
 */
export const onlyLabel = (labels: readonly string[], text: string): string | null => {
  let found: string | null = null
  for (const label of labels) {
    if (!label.startsWith(text) || label === found) continue
    if (found !== null) return null
    found = label
  }
  return found
}
