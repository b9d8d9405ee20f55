/** Blocks of the safe subset: what a reader gains from, and nothing that loads or leads anywhere. */
export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly string[] }
export type Span = { readonly kind: 'text' | 'strong' | 'emphasis' | 'code'; readonly text: string }

const fence = /^\s{0,3}(`{3,}|~{3,})/
const bullet = /^\s{0,3}[-*+]\s+(.*)$/
const numbered = /^\s{0,3}\d{1,9}[.)]\s+(.*)$/
const heading = /^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$/

/** Headings, lists, fenced code and paragraphs. Everything else, links, images and HTML included, stays as it was typed. */
export const toBlocks = (text: string): readonly Block[] => {
  const blocks: Block[] = []
  const lines = text.split(/\r?\n/)
  let at = 0
  const takeWhile = (test: (line: string) => boolean): string[] => {
    const from = at
    while (at < lines.length && test(lines[at] ?? '')) at += 1
    return lines.slice(from, at)
  }
  while (at < lines.length) {
    const line = lines[at] ?? ''
    const opened = fence.exec(line)?.[1]
    if (opened !== undefined) {
      at += 1
      const body = takeWhile((next) => !next.trim().startsWith(opened))
      at += 1
      blocks.push({ kind: 'code', text: body.join('\n') })
    } else if (line.trim() === '') at += 1
    else if (heading.test(line)) {
      blocks.push({ kind: 'heading', text: heading.exec(line)?.[1] ?? '' })
      at += 1
    } else if (bullet.test(line) || numbered.test(line)) {
      const pattern = bullet.test(line) ? bullet : numbered
      const items = takeWhile((next) => pattern.test(next)).map((item) => pattern.exec(item)?.[1] ?? '')
      blocks.push({ kind: 'list', ordered: pattern === numbered, items })
    } else {
      const isOther = (next: string): boolean =>
        next.trim() === '' || fence.test(next) || heading.test(next) || bullet.test(next) || numbered.test(next)
      blocks.push({ kind: 'paragraph', text: takeWhile((next) => !isOther(next)).join('\n') })
    }
  }
  return blocks
}

const marks = /(`[^`\n]+`)|(\*\*[^*\n]+\*\*)|(\*[^*\s][^*\n]*\*)/g

export const toSpans = (text: string): readonly Span[] => {
  const spans: Span[] = []
  let from = 0
  for (const match of text.matchAll(marks)) {
    if (match.index > from) spans.push({ kind: 'text', text: text.slice(from, match.index) })
    const [whole, code, strong] = match
    if (code !== undefined) spans.push({ kind: 'code', text: whole.slice(1, -1) })
    else if (strong !== undefined) spans.push({ kind: 'strong', text: whole.slice(2, -2) })
    else spans.push({ kind: 'emphasis', text: whole.slice(1, -1) })
    from = match.index + whole.length
  }
  if (from < text.length) spans.push({ kind: 'text', text: text.slice(from) })
  return spans
}
