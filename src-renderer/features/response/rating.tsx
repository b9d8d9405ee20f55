import { Button, Textarea, TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import type { CellDetail } from '../../../src-main/workspace/experiment-types.ts'
import { Row } from '../../components/card.tsx'
import { Icon } from '../../components/icon.tsx'
import { Keys } from '../../components/keys.tsx'
import { useShortcut } from '../../shortcuts/use-shortcut.ts'
import { Part } from './part.tsx'
import classes from './response.module.css'
import type { useCell } from './use-cell.ts'

/** Pass or fail by a person, a comment, and leaving the cell out with a reason. Pressing the standing rating again clears it. */
export const Rating = (props: { readonly cell: CellDetail; readonly model: ReturnType<typeof useCell> }) => {
  const { cell, model } = props
  const { annotate, repeat } = model
  const rated = cell.annotation?.rating?.passed ?? null
  const excluded = cell.annotation?.excluded ?? null
  const comment = cell.annotation?.comment ?? ''
  /** Null: nothing typed that is not saved. */
  const [draft, setDraft] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const [excluding, setExcluding] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const rate = (passed: boolean): void => annotate.mutate({ rating: rated === passed ? null : { passed } })
  const saveComment = (): void => {
    const text = draft?.trim()
    if (text !== undefined && text !== comment) annotate.mutate({ comment: text === '' ? null : text })
  }
  const exclude = (): void => {
    const text = reason.trim()
    if (text === '') return
    annotate.mutate({ excluded: text })
    setExcluding(false)
  }
  const canRate = cell.recorded
  const canRepeat = cell.failure !== null
  useShortcut('pass', () => rate(true), canRate)
  useShortcut('fail', () => rate(false), canRate)
  useShortcut('comment', () => field.current?.focus(), canRate)
  useShortcut('repeat', () => repeat.mutate(), canRepeat)
  if (!canRate) return null
  return (
    <Part title="Your rating">
      <Row>
        <Button
          size="xs"
          variant={rated === true ? 'filled' : 'default'}
          aria-pressed={rated === true}
          leftSection={<Icon name="check" size="small" />}
          rightSection={<Keys of="pass" />}
          onClick={() => rate(true)}
        >
          Pass
        </Button>
        <Button
          size="xs"
          variant={rated === false ? 'filled' : 'default'}
          aria-pressed={rated === false}
          leftSection={<Icon name="close" size="small" />}
          rightSection={<Keys of="fail" />}
          onClick={() => rate(false)}
        >
          Fail
        </Button>
        {excluded === null ? (
          <Button size="xs" variant="default" aria-expanded={excluding} onClick={() => setExcluding(!excluding)}>
            Exclude…
          </Button>
        ) : (
          <Button size="xs" variant="default" onClick={() => annotate.mutate({ excluded: null })}>
            Include again
          </Button>
        )}
        {canRepeat ? (
          <Button
            size="xs"
            variant="default"
            loading={repeat.isPending}
            rightSection={<Keys of="repeat" />}
            onClick={() => repeat.mutate()}
          >
            Ask the failed calls again
          </Button>
        ) : null}
      </Row>
      {excluded === null ? null : <p className={classes.reason}>Excluded: {excluded}. The report counts it.</p>}
      {excluding ? (
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault()
            exclude()
          }}
        >
          <TextInput
            label="Why is it left out?"
            description="Counted and told in the report."
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            data-autofocus
          />
          <Button size="xs" type="submit" disabled={reason.trim() === ''}>
            Exclude
          </Button>
        </form>
      ) : null}
      <Textarea
        ref={field}
        label="Comment"
        className={classes.comment}
        autosize={false}
        rows={2}
        value={draft ?? comment}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={saveComment}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault()
            saveComment()
          } else if (event.key === 'Escape') {
            event.preventDefault()
            event.currentTarget.blur()
          }
        }}
      />
    </Part>
  )
}
