import { Button, SegmentedControl } from '@mantine/core'
import type { ProjectCard as Card } from '../../../src-main/workspace/types.ts'
import { Ask } from '../../components/ask.tsx'
import { CardGrid } from '../../components/card.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { formatBytes, formatUsd, plural } from '../../components/format.ts'
import { Icon } from '../../components/icon.tsx'
import { Page } from '../../components/page.tsx'
import { addressOfScreen, projectHome } from '../../routing/address.ts'
import { navigate, useQueryParam } from '../../routing/route.ts'
import { useAsk } from '../../state/lab.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { NewDialog } from './new-dialog.tsx'
import { ProjectCard } from './project-card.tsx'
import { TrashCard } from './trash-card.tsx'

const Projects = () => {
  const [shown, show] = useQueryParam<'active' | 'trash'>('show', 'active')
  const [doing, act] = useQueryParam<'' | 'new' | 'import'>('do', '')
  const trash = shown === 'trash'
  const projects = useAsk(['projects', 'list', trash], (lab, signal) => lab.projects.list.query({ trash }, { signal }))
  return (
    <Page
      title="Projects"
      lead={
        projects.data === undefined
          ? undefined
          : trash
            ? 'Restorable for 30 days, then deleted.'
            : summary(projects.data)
      }
      actions={
        <>
          <SegmentedControl
            size="xs"
            aria-label="Which projects"
            value={shown}
            onChange={(value) => show(value === 'trash' ? 'trash' : 'active')}
            data={[
              { value: 'active', label: 'Projects' },
              { value: 'trash', label: 'Trash' },
            ]}
          />
          <Button variant="default" leftSection={<Icon name="upload" />} onClick={() => act('import')}>
            Import
          </Button>
          <Button leftSection={<Icon name="add" />} onClick={() => act('new')}>
            New project
          </Button>
        </>
      }
    >
      <Ask of={projects} shape="cards" count={3}>
        {(cards) => (trash ? <Trash cards={cards} /> : <Active cards={cards} onNew={() => act('new')} />)}
      </Ask>
      <NewDialog opened={doing === 'new'} onClose={() => act('')} />
      <ImportDialog opened={doing === 'import'} onClose={() => act('')} />
    </Page>
  )
}

/** Money is only summed where every part is known: unknown is not 0. */
const summary = (cards: readonly Card[]): string => {
  if (cards.length === 0) return ''
  const spent = cards.reduce<number | null>(
    (sum, card) => (sum === null || card.spentUsd === null ? null : sum + card.spentUsd),
    0,
  )
  const bytes = cards.reduce((sum, card) => sum + card.bytes, 0)
  return `${plural(cards.length, 'project')}, ${formatBytes(bytes)} on this disk, ${spent === null ? 'cost partly unknown' : `${formatUsd(spent)} spent`}`
}

const Active = (props: { readonly cards: readonly Card[]; readonly onNew: () => void }) => {
  if (props.cards.length === 0) {
    return (
      <EmptyState
        icon="folder"
        sentence="There is no project yet: a project holds prompts, test cases and their runs."
        action={{ label: 'New project', icon: 'add', run: props.onNew }}
        sample={{
          label: 'Open the sample lab',
          icon: 'experiment',
          run: () => navigate(addressOfScreen('first-run') ?? '/'),
        }}
      />
    )
  }
  return (
    <CardGrid min="wide">
      {props.cards.map((card) => (
        <ProjectCard key={card.id} card={card} home={projectHome(card.id)} />
      ))}
    </CardGrid>
  )
}

const Trash = (props: { readonly cards: readonly Card[] }) =>
  props.cards.length === 0 ? (
    <EmptyState
      icon="trash"
      sentence="The trash is empty."
      action={{ label: 'Back to the projects', run: () => navigate('/projects') }}
    />
  ) : (
    <CardGrid>
      {props.cards.map((card) => (
        <TrashCard key={card.id} card={card} />
      ))}
    </CardGrid>
  )

export default Projects
