import { Modal } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { ErrorState } from '../../components/error-state.tsx'
import { FileDrop, toBase64 } from '../../components/file-drop.tsx'
import { projectHome } from '../../routing/address.ts'
import { navigate } from '../../routing/route.ts'
import { tellError } from '../../state/errors.ts'
import { useAct } from '../../state/lab.tsx'
import { showToast } from '../../state/toasts.ts'
import classes from './projects.module.css'

const isLabFile = (file: File): boolean => /\.(ya?ml)$/i.test(file.name)

/** A lab file, together with the case and prompt files it names. Nothing of it is run. */
export const ImportDialog = (props: { readonly opened: boolean; readonly onClose: () => void }) => (
  <Modal opened={props.opened} onClose={props.onClose} title="Import a lab" size="lg">
    <Form onClose={props.onClose} />
  </Modal>
)

const Form = (props: { readonly onClose: () => void }) => {
  const queries = useQueryClient()
  const take = useAct(
    async (lab, files: readonly File[]) => {
      // `lab.yaml` by its usual name; otherwise the first YAML file is the lab and the others are its cases and prompts.
      const main = files.find((file) => /^lab\.ya?ml$/i.test(file.name)) ?? files.find(isLabFile)
      if (main === undefined) throw new Error('None of these files is a lab: choose lab.yaml and the files it names.')
      const others = files.filter((file) => file !== main)
      const named = others.map(async (file) => ({ name: file.name, base64: await toBase64(file) }))
      return lab.projects.importLab.mutate({ text: await main.text(), files: await Promise.all(named) })
    },
    {
      onDone: ({ project, warnings }) => {
        void queries.invalidateQueries({ queryKey: ['projects'] })
        showToast({
          kind: warnings.length === 0 ? 'done' : 'note',
          text: [`Imported ${project.name}`, ...warnings].join('; '),
        })
        props.onClose()
        const home = projectHome(project.id)
        if (home !== null) navigate(home)
      },
    },
  )
  const story = take.isError ? tellError(take.error) : null
  const ours = story !== null && story.code !== 'internal'
  return (
    <div className={classes.form}>
      <FileDrop
        label="Drop lab.yaml and the files it names"
        hint="Prompts and cases come in; keys, addresses and code never do."
        accept={['.yaml', '.yml', '.csv', '.tsv', '.json', '.jsonl', '.xlsx', '.txt', '.md']}
        multiple
        busy={take.isPending}
        onFiles={(files) => take.mutate(files)}
      />
      {story === null ? null : (
        <ErrorState
          inline
          what={ours ? story.what : (take.error?.message ?? story.what)}
          safe="Nothing was imported; your projects are as they were."
          next="Correct the file, then drop it again."
          detail={story.detail}
        />
      )}
    </div>
  )
}
