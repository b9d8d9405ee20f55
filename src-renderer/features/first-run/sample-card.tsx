import { Select } from '@mantine/core'
import { type UseQueryResult, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Ask } from '../../components/ask.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { plural } from '../../components/format.ts'
import { tellError } from '../../state/errors.ts'
import { useAct } from '../../state/lab.tsx'
import { ChoiceCard } from './choice-card.tsx'
import classes from './first-run.module.css'
import { openSample } from './open-sample.ts'

export type Sample = {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly cases: number
  readonly shows: string
}

export const SampleCard = (props: { readonly samples: UseQueryResult<readonly Sample[]> }) => {
  const { samples } = props
  const queries = useQueryClient()
  const [chosen, choose] = useState<string | null>(null)
  const open = useAct((lab, name: string) => openSample(lab, queries, name))
  const sample = samples.data?.find(({ name }) => name === chosen) ?? samples.data?.[0]
  const story = open.isError ? tellError(open.error) : null
  return (
    <ChoiceCard
      icon="experiment"
      title="Open the sample lab"
      shortcut="choose1"
      label="Open the sample lab"
      primary
      busy={open.isPending || open.isSuccess}
      disabled={sample === undefined}
      onChoose={() => {
        if (sample !== undefined) open.mutate(sample.name)
      }}
      more={
        story === null ? null : (
          <ErrorState inline what={story.what} safe={story.safe} next={story.next} detail={story.detail} />
        )
      }
    >
      <Ask of={samples} count={3} inline>
        {(all) => (
          <>
            <Select
              label="Sample"
              value={sample?.name ?? null}
              onChange={choose}
              data={all.map(({ name, title }) => ({ value: name, label: title }))}
            />
            {sample === undefined ? null : (
              <p className={classes.about}>
                {sample.description} {plural(sample.cases, 'case')}. {sample.shows}
              </p>
            )}
            <p className={classes.fact}>No account, no key, no network: it opens from this computer.</p>
          </>
        )}
      </Ask>
    </ChoiceCard>
  )
}
