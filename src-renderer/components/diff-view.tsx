import { useMemo } from 'react'
import { diffTexts } from './diff-lines.ts'
import classes from './diff-view.module.css'
import { formatCount } from './format.ts'

const notes = {
  words: null,
  lines: 'The texts differ too much for a word diff: whole lines are compared.',
  none: 'The texts differ too much to be compared: both are shown whole.',
} as const

/** Two texts as one, with what went struck through and what came underlined: readable without colour. */
export const DiffView = (props: { readonly before: string; readonly after: string; readonly label: string }) => {
  const { before, after } = props
  const diff = useMemo(() => diffTexts(before, after), [before, after])
  const count = (kind: 'added' | 'removed'): number =>
    diff.changes.filter((change) => change.kind === kind).reduce((sum, { text }) => sum + text.length, 0)
  const same = before === after
  return (
    <figure className={classes.diff} aria-label={props.label}>
      <figcaption>
        {same
          ? 'No difference'
          : `${formatCount(count('added'))} characters added, ${formatCount(count('removed'))} removed`}
        {notes[diff.by] === null ? null : <span> · {notes[diff.by]}</span>}
      </figcaption>
      <pre tabIndex={0}>
        {diff.changes.map((change, index) =>
          change.kind === 'same' ? (
            <span key={index}>{change.text}</span>
          ) : change.kind === 'added' ? (
            <ins key={index}>{change.text}</ins>
          ) : (
            <del key={index}>{change.text}</del>
          ),
        )}
      </pre>
    </figure>
  )
}
