import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toBlocks, toSpans } from './markdown-subset.ts'

describe('the safe subset of Markdown', () => {
  it('knows headings, lists, code and paragraphs', () => {
    expect(toBlocks('# A\n\none\ntwo\n- x\n- y\n\n1. z\n```js\nlet a\n```\nend')).toEqual([
      { kind: 'heading', text: 'A' },
      { kind: 'paragraph', text: 'one\ntwo' },
      { kind: 'list', ordered: false, items: ['x', 'y'] },
      { kind: 'list', ordered: true, items: ['z'] },
      { kind: 'code', text: 'let a' },
      { kind: 'paragraph', text: 'end' },
    ])
  })

  it('leaves images, links and HTML as they were typed', () => {
    const text = '![x](https://example.org/x.png) [go](javascript:alert(1)) <img src=x onerror=alert(1)>'
    expect(toBlocks(text)).toEqual([{ kind: 'paragraph', text }])
    expect(toSpans(text)).toEqual([{ kind: 'text', text }])
  })

  it('marks strong, emphasised and code spans', () => {
    expect(toSpans('a **b** *c* `d` e')).toEqual([
      { kind: 'text', text: 'a ' },
      { kind: 'strong', text: 'b' },
      { kind: 'text', text: ' ' },
      { kind: 'emphasis', text: 'c' },
      { kind: 'text', text: ' ' },
      { kind: 'code', text: 'd' },
      { kind: 'text', text: ' e' },
    ])
  })

  it('takes an unclosed fence to the end of the text', () => {
    expect(toBlocks('```\na\nb')).toEqual([{ kind: 'code', text: 'a\nb' }])
  })

  it('ends on every text, and loses no letter of plain words', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '`', '*', '#', '-', '1', '.'), maxLength: 80 }),
        (text) => {
          const letters = (all: string): number => all.replaceAll(/[^ab]/g, '').length
          const shown = toBlocks(text)
            .flatMap((block) => (block.kind === 'list' ? block.items : [block.text]))
            .flatMap((one) => toSpans(one).map((span) => span.text))
            .join('')
          // The word after a fence names a language and is the one thing left out.
          if (!/^\s{0,3}`{3,}|^\s*`{3,}/m.test(text)) expect(letters(shown)).toBe(letters(text))
        },
      ),
      { seed: 5, numRuns: 500 },
    )
  })
})
