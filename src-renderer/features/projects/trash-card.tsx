import { Button } from '@mantine/core'
import type { ProjectCard } from '../../../src-main/workspace/types.ts'
import { Ago } from '../../components/ago.tsx'
import { Card, Facts } from '../../components/card.tsx'
import { formatBytes, formatDate, plural } from '../../components/format.ts'
import { Icon } from '../../components/icon.tsx'
import { useProjectActions } from './project-actions.ts'
import classes from './projects.module.css'

export const TrashCard = (props: { readonly card: ProjectCard }) => {
  const { card } = props
  const { restore } = useProjectActions(card)
  return (
    <article className={classes.article} aria-label={card.name}>
      <Card>
        <h2 className={classes.name}>{card.name}</h2>
        <Facts
          facts={[
            { label: 'Deleted', value: card.trashedAt === null ? '–' : <Ago at={card.trashedAt} /> },
            { label: 'Kept until', value: card.purgedAt === null ? '–' : formatDate(card.purgedAt) },
            {
              label: 'Holds',
              value: `${plural(card.prompts, 'prompt')}, ${plural(card.cases, 'case')}, ${formatBytes(card.bytes)}`,
            },
          ]}
        />
        <div className={classes.restore}>
          <Button variant="default" leftSection={<Icon name="undo" />} onClick={restore}>
            Restore
          </Button>
        </div>
      </Card>
    </article>
  )
}
