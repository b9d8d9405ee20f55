import { Anchor, Button, Select } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Ask } from '../../components/ask.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { formatBytes, plural } from '../../components/format.ts'
import { Icon } from '../../components/icon.tsx'
import { Badge } from '../../components/verdict-badge.tsx'
import { addressOfScreen } from '../../routing/address.ts'
import { tellError } from '../../state/errors.ts'
import { useAct, useAsk } from '../../state/lab.tsx'
import { ChoiceCard } from './choice-card.tsx'
import classes from './first-run.module.css'
import { openSampleOn } from './open-sample.ts'
import type { Sample } from './sample-card.tsx'

/** Models of this computer: what a running Ollama has, and model files. Looked for on 127.0.0.1 and on the disk only. */
export const LocalCard = (props: { readonly samples: readonly Sample[] }) => {
  const queries = useQueryClient()
  const found = useAsk(['models', 'here'], (lab, signal) => lab.models.list.query(undefined, { signal }), {
    everyMs: 15_000,
  })
  const [chosen, choose] = useState<string | null>(null)
  const sample = props.samples[0]
  const open = useAct((lab, model: { readonly provider: string; readonly model: string }) =>
    openSampleOn(lab, queries, { sample: sample?.name ?? '', model }),
  )
  const models = found.data?.models ?? []
  const model = models.find(({ id }) => id === chosen) ?? models[0]
  const story = open.isError ? tellError(open.error) : null
  return (
    <ChoiceCard
      icon="computer"
      title="Use a model on this computer"
      shortcut="choose2"
      label={model === undefined ? 'No model found yet' : `Run the sample on ${model.model}`}
      busy={open.isPending || open.isSuccess}
      disabled={model === undefined || sample === undefined}
      onChoose={() => {
        if (model !== undefined) open.mutate({ provider: model.provider, model: model.model })
      }}
      more={
        story === null ? null : (
          <ErrorState inline what={story.what} safe={story.safe} next={story.next} detail={story.detail} />
        )
      }
    >
      <Ask of={found} count={3} inline>
        {(list) =>
          list.models.length === 0 ? (
            <NothingFound looking={found.isFetching} onLook={() => void found.refetch()} />
          ) : (
            <>
              <p className={classes.found}>
                <Badge tone="good" icon="check" label={`${plural(list.models.length, 'model')} found`} />
              </p>
              <Select
                label="Model"
                value={model?.id ?? null}
                onChange={choose}
                data={list.models.map(({ id, model: name, provider, bytes }) => ({
                  value: id,
                  label: `${name} (${provider}${bytes === null ? '' : `, ${formatBytes(bytes)}`})`,
                }))}
              />
              <p className={classes.fact}>Runs here, without a key and without sending anything away.</p>
            </>
          )
        }
      </Ask>
    </ChoiceCard>
  )
}

const NothingFound = (props: { readonly looking: boolean; readonly onLook: () => void }) => {
  const models = addressOfScreen('models')
  return (
    <>
      <p className={classes.about}>
        No Ollama answers on 127.0.0.1:11434, and there is no model file on this computer. Start Ollama, or fetch a
        small model
        {models === null ? '.' : ' under '}
        {models === null ? null : <Anchor href={`#${models}`}>Models</Anchor>}
        {models === null ? '' : '.'}
      </p>
      <Button variant="subtle" leftSection={<Icon name="refresh" />} loading={props.looking} onClick={props.onLook}>
        Look again
      </Button>
    </>
  )
}
