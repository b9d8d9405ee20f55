import { ActionIcon, Menu, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { ProjectCard as ProjectData } from '../../../src-main/workspace/types.ts'
import { Ago } from '../../components/ago.tsx'
import { Card, Facts, Row } from '../../components/card.tsx'
import { formatBytes, formatCount, formatShare, formatUsd, plural } from '../../components/format.ts'
import { Icon } from '../../components/icon.tsx'
import { IntervalText } from '../../components/interval-text.tsx'
import { Sparkline } from '../../components/sparkline.tsx'
import { Badge } from '../../components/verdict-badge.tsx'
import { addressOf } from '../../routing/address.ts'
import { useProjectActions } from './project-actions.ts'
import classes from './projects.module.css'

const runStates = {
  running: { tone: 'info', icon: 'play', label: 'running' },
  done: { tone: 'good', icon: 'check', label: 'finished' },
  budget: { tone: 'warn', icon: 'pause', label: 'stopped at its cap' },
  refused: { tone: 'bad', icon: 'alert', label: 'refused' },
  interrupted: { tone: 'warn', icon: 'pause', label: 'interrupted' },
} as const

/** A project at a glance: its last run, its best variant with the interval, what it cost and what it takes on the disk. */
export const ProjectCard = (props: { readonly card: ProjectData; readonly home: string | null }) => {
  const { card, home } = props
  const [naming, setNaming] = useState(false)
  const actions = useProjectActions(card)
  return (
    <article className={classes.article} aria-label={card.name}>
      <Card>
        <div className={classes.head}>
          {naming ? (
            <NameField
              name={card.name}
              onDone={(name) => {
                setNaming(false)
                if (name !== null) actions.rename(name)
              }}
            />
          ) : (
            <h2 className={classes.name}>{home === null ? card.name : <a href={`#${home}`}>{card.name}</a>}</h2>
          )}
          {/* The menu gives the focus back when it closes, which would end the renaming it began. */}
          <Menu position="bottom-end" returnFocus={!naming}>
            <Menu.Target>
              <ActionIcon aria-label={`Actions of ${card.name}`}>
                <Icon name="more" />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<Icon name="edit" size="small" />} onClick={() => setNaming(true)}>
                Rename
              </Menu.Item>
              <Menu.Item leftSection={<Icon name="copy" size="small" />} onClick={actions.duplicate}>
                Duplicate
              </Menu.Item>
              <Menu.Item leftSection={<Icon name="download" size="small" />} onClick={actions.exportLab}>
                Export
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item color="red" leftSection={<Icon name="trash" size="small" />} onClick={actions.trash}>
                Move to the trash
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </div>
        <p className={classes.description}>{card.description === '' ? 'No description' : card.description}</p>
        <div className={classes.body}>
          <Facts facts={factsOf(card)} />
          {card.quality.length < 2 ? null : (
            <figure className={classes.trend}>
              <Sparkline
                values={card.quality}
                label={`Best mean quality of ${plural(card.quality.length, 'finished run')}: ${card.quality.map((value) => formatShare(value, 0)).join(', ')}`}
              />
              <figcaption>Best quality by run</figcaption>
            </figure>
          )}
        </div>
        <p className={classes.foot}>
          {plural(card.prompts, 'prompt')} · {plural(card.cases, 'case')} · {formatBytes(card.bytes)}
        </p>
      </Card>
    </article>
  )
}

const factsOf = (card: ProjectData) => [
  { label: 'Last run', value: <LastRun card={card} /> },
  {
    label: 'Best variant',
    value:
      card.best === null ? (
        card.lastRun === null ? (
          '–'
        ) : (
          'No single best shown'
        )
      ) : (
        <>
          <div>
            {card.best.variant} <span className={classes.muted}>on {card.best.model}</span>
          </div>
          <IntervalText value={card.best.mean} interval={card.best.ci} />{' '}
          <span className={classes.muted}>n = {formatCount(card.best.n)}</span>
        </>
      ),
  },
  { label: 'Spent', value: formatUsd(card.spentUsd) },
]

const LastRun = (props: { readonly card: ProjectData }) => {
  const { lastRun, id } = props.card
  if (lastRun === null) return <>None yet</>
  const state = runStates[lastRun.status]
  const to = addressOf('experiment', lastRun.id, id)
  const when = <Ago at={lastRun.finishedAt ?? lastRun.startedAt} />
  return (
    <Row>
      <Badge tone={state.tone} icon={state.icon} label={state.label} />
      {to === null ? when : <a href={`#${to}`}>{when}</a>}
    </Row>
  )
}

/** Enter keeps the name, Escape leaves the old one. Null: unchanged. */
const NameField = (props: { readonly name: string; readonly onDone: (name: string | null) => void }) => {
  const [name, setName] = useState(props.name)
  const keep = (): void => {
    const trimmed = name.trim()
    props.onDone(trimmed === '' || trimmed === props.name ? null : trimmed)
  }
  return (
    <TextInput
      aria-label="Name of the project"
      className={classes.field}
      autoFocus
      value={name}
      maxLength={200}
      onChange={(event) => setName(event.currentTarget.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === 'Enter') keep()
        if (event.key === 'Escape') props.onDone(null)
      }}
    />
  )
}
