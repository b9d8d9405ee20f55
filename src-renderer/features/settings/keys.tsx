import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { KeyBackend, KeyStatus } from '../../../src-main/workspace/host-types.ts'
import { Ask } from '../../components/ask.tsx'
import { Card } from '../../components/card.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { Icon } from '../../components/icon.tsx'
import { Section } from '../../components/page.tsx'
import { Badge } from '../../components/verdict-badge.tsx'
import { tellError } from '../../state/errors.ts'
import { useAct, useAsk } from '../../state/lab.tsx'
import { showToast } from '../../state/toasts.ts'
import classes from './settings.module.css'

const backends: Readonly<Record<KeyBackend['kind'], string>> = {
  keychain:
    'Keys are kept in this system’s keychain, bound to the service they belong to. This window can set or delete a key; it can never read one.',
  session:
    'This system offers no keychain, so keys are kept in memory only, until Prompt Lab is closed. Nothing is written to the disk. To keep a key, set its environment variable before the start.',
  environment:
    'In the browser, keys come from environment variables only: set the variable named below in the terminal, then start Prompt Lab again. A page in a browser never handles a key.',
}
const origins = {
  keychain: 'from the keychain',
  session: 'for this session',
  environment: 'from the environment',
} as const

export const Keys = () => {
  const keys = useAsk(['keys', null], (lab, signal) => lab.services.keys.query({ project: null }, { signal }))
  return (
    <Section title="Keys">
      <Ask of={keys} shape="rows">
        {({ backend, keys: all }) => (
          <>
            <p className={classes.note}>
              <Badge tone="info" icon="shield" label={backend.label} /> {backends[backend.kind]}
            </p>
            <Card pad={false}>
              <ul className={classes.list}>
                {all.map((key) => (
                  <KeyItem key={key.variable} status={key} canSet={backend.canSet} />
                ))}
                {backend.canSet ? <OtherKey known={all} /> : null}
              </ul>
            </Card>
          </>
        )}
      </Ask>
    </Section>
  )
}

const useKeyActions = (onDone: () => void) => {
  const queries = useQueryClient()
  const done = (text: string): void => {
    void queries.invalidateQueries({ queryKey: ['keys'] })
    void queries.invalidateQueries({ queryKey: ['services'] })
    showToast({ kind: 'done', text })
    onDone()
  }
  const set = useAct(
    (lab, input: { readonly variable: string; readonly value: string }) => lab.services.setKey.mutate(input),
    { onDone: (_, { variable }) => done(`${variable} is set`) },
  )
  const remove = useAct((lab, variable: string) => lab.services.deleteKey.mutate({ variable }), {
    onDone: (_, variable) => done(`${variable} is deleted`),
  })
  return { set, remove }
}

const KeyItem = (props: { readonly status: KeyStatus; readonly canSet: boolean }) => {
  const { status, canSet } = props
  const [open, setOpen] = useState(false)
  const { set, remove } = useKeyActions(() => setOpen(false))
  const failed = set.error ?? remove.error
  return (
    <li className={classes.item}>
      <div>
        <div className={classes.name}>{status.label}</div>
        <div className={classes.meta}>
          <code>{status.variable}</code>
          {status.origin === null ? '' : `, sent to ${status.origin} only`}
        </div>
      </div>
      <div className={classes.aside}>
        {status.set ? (
          <Badge tone="good" icon="check" label={`•••••••• ${status.from === null ? '' : origins[status.from]}`} />
        ) : (
          <Badge tone="plain" icon="minus" label="not set" />
        )}
        {canSet ? (
          <Button size="xs" variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
            {status.set ? `Replace the key of ${status.label}` : `Set the key of ${status.label}`}
          </Button>
        ) : null}
        {canSet && status.set && status.from !== 'environment' ? (
          <Button
            size="xs"
            variant="subtle"
            color="red"
            loading={remove.isPending}
            onClick={() => remove.mutate(status.variable)}
          >
            Delete
          </Button>
        ) : null}
      </div>
      {open ? (
        <KeyForm
          variable={status.variable}
          busy={set.isPending}
          onSet={(value) => set.mutate({ variable: status.variable, value })}
        />
      ) : null}
      {failed === null ? null : <Failed error={failed} />}
    </li>
  )
}

const Failed = (props: { readonly error: unknown }) => {
  const { what, next, detail } = tellError(props.error)
  return (
    <div className={classes.whole}>
      <ErrorState inline what={what} safe="The keys are as they were." next={next} detail={detail} />
    </div>
  )
}

/** The value leaves the field the moment it is sent; it never comes back. */
const KeyForm = (props: {
  readonly variable: string
  readonly busy: boolean
  readonly onSet: (value: string) => void
}) => {
  const [value, setValue] = useState('')
  return (
    <form
      className={`${classes.form} ${classes.whole}`}
      onSubmit={(event) => {
        event.preventDefault()
        if (value.trim() === '') return
        props.onSet(value.trim())
        setValue('')
      }}
    >
      <PasswordInput
        className={classes.grow}
        label={`Key for ${props.variable}`}
        autoComplete="off"
        autoFocus
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
      <Button type="submit" loading={props.busy} disabled={value.trim() === ''}>
        Save the key
      </Button>
    </form>
  )
}

const variablePattern = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/

/** For services that speak a known protocol under another address: a lab file names the variable. */
const OtherKey = (props: { readonly known: readonly KeyStatus[] }) => {
  const [variable, setVariable] = useState('')
  const [chosen, choose] = useState<string | null>(null)
  const { set } = useKeyActions(() => {
    choose(null)
    setVariable('')
  })
  const wrong = variable !== '' && !variablePattern.test(variable)
  const taken = props.known.some((key) => key.variable === variable)
  return (
    <li className={classes.item}>
      <form
        className={`${classes.form} ${classes.whole}`}
        onSubmit={(event) => {
          event.preventDefault()
          if (variable !== '' && !wrong && !taken) choose(variable)
        }}
      >
        <TextInput
          className={classes.grow}
          label="A key of another service"
          description="Its environment variable, as the model in the setup names it."
          placeholder="MY_SERVICE_API_KEY"
          value={variable}
          error={
            wrong
              ? 'Letters, digits and _ only, beginning with a letter.'
              : taken
                ? 'It stands in the list above.'
                : null
          }
          onChange={(event) => setVariable(event.currentTarget.value)}
        />
        <Button
          type="submit"
          variant="default"
          leftSection={<Icon name="add" />}
          disabled={variable === '' || wrong || taken}
        >
          Add
        </Button>
      </form>
      {chosen === null ? null : (
        <KeyForm variable={chosen} busy={set.isPending} onSet={(value) => set.mutate({ variable: chosen, value })} />
      )}
      {set.error === null ? null : <Failed error={set.error} />}
    </li>
  )
}
