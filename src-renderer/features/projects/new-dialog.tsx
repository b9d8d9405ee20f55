import { Button, Modal, Textarea, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { projectHome } from '../../routing/address.ts'
import { navigate } from '../../routing/route.ts'
import { tellError } from '../../state/errors.ts'
import { useAct } from '../../state/lab.tsx'
import classes from './projects.module.css'

export const NewDialog = (props: { readonly opened: boolean; readonly onClose: () => void }) => (
  <Modal opened={props.opened} onClose={props.onClose} title="New project">
    <Form onClose={props.onClose} />
  </Modal>
)

/** A component of its own, so that the dialog opens empty each time. */
const Form = (props: { readonly onClose: () => void }) => {
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const create = useAct(
    (lab, input: { readonly name: string; readonly description: string }) => lab.projects.create.mutate(input),
    {
      onDone: (card) => {
        void queries.invalidateQueries({ queryKey: ['projects'] })
        props.onClose()
        const home = projectHome(card.id)
        if (home !== null) navigate(home)
      },
    },
  )
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim() !== '') create.mutate({ name: name.trim(), description: description.trim() })
      }}
    >
      <TextInput
        label="Name"
        required
        data-autofocus
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={create.isError ? tellError(create.error).what : null}
      />
      <Textarea
        label="Description"
        description="What the prompts are for, for yourself and others."
        autosize
        minRows={2}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <div className={classes.buttons}>
        <Button variant="default" onClick={props.onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
          Create
        </Button>
      </div>
    </form>
  )
}
