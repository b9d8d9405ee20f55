import { useMemo } from 'react'
import { toBlocks, toSpans } from './markdown-subset.ts'
import classes from './response.module.css'

const Spans = (props: { readonly text: string }) =>
  toSpans(props.text).map((span, index) => {
    switch (span.kind) {
      case 'code':
        return <code key={index}>{span.text}</code>
      case 'strong':
        return <strong key={index}>{span.text}</strong>
      case 'emphasis':
        return <em key={index}>{span.text}</em>
      case 'text':
        return <span key={index}>{span.text}</span>
    }
  })

/** Headings, lists, code and emphasis of a response. No links, no images, no HTML: nothing is fetched and nothing clicked. */
export const Formatted = (props: { readonly text: string }) => {
  const blocks = useMemo(() => toBlocks(props.text), [props.text])
  return (
    <div className={classes.formatted} tabIndex={0} role="region" aria-label="Formatted response">
      {blocks.map((block, index) => {
        if (block.kind === 'code') return <pre key={index}>{block.text}</pre>
        if (block.kind === 'list') {
          const items = block.items.map((item, at) => (
            <li key={at}>
              <Spans text={item} />
            </li>
          ))
          return block.ordered ? <ol key={index}>{items}</ol> : <ul key={index}>{items}</ul>
        }
        return (
          <p key={index} data-heading={block.kind === 'heading' || undefined}>
            <Spans text={block.text} />
          </p>
        )
      })}
    </div>
  )
}
