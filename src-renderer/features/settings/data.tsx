import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import type { DataState } from '../../../src-main/workspace/host-types.ts'
import { Ago } from '../../components/ago.tsx'
import { Ask } from '../../components/ask.tsx'
import { Card, Facts } from '../../components/card.tsx'
import { SimpleTable } from '../../components/chart-with-table.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { formatBytes, formatDateTime } from '../../components/format.ts'
import { Icon } from '../../components/icon.tsx'
import { Section } from '../../components/page.tsx'
import { Badge } from '../../components/verdict-badge.tsx'
import { tellError } from '../../state/errors.ts'
import { useAct, useAsk } from '../../state/lab.tsx'
import { showToast } from '../../state/toasts.ts'
import classes from './settings.module.css'

export const Data = () => {
  const queries = useQueryClient()
  const data = useAsk(['data'], (lab, signal) => lab.settings.data.query(undefined, { signal }))
  const refresh = (): void => void queries.invalidateQueries({ queryKey: ['data'] })
  const backup = useAct((lab) => lab.settings.backup.mutate({ file: null }), {
    onDone: ({ file, bytes }) => {
      refresh()
      showToast({ kind: 'done', text: `Backed up to ${file} (${formatBytes(bytes)})` })
    },
  })
  const verify = useAct((lab) => lab.settings.verify.mutate(), {
    onDone: ({ ok }) => {
      refresh()
      showToast(
        ok
          ? { kind: 'done', text: 'Every row was read and is whole' }
          : { kind: 'problem', text: 'The check found problems' },
      )
    },
  })
  const failed = backup.error ?? verify.error
  const story = failed === null ? null : tellError(failed)
  return (
    <Section
      title="Data"
      actions={
        <>
          <Button
            variant="default"
            leftSection={<Icon name="check" />}
            loading={verify.isPending}
            onClick={() => verify.mutate()}
          >
            Verify
          </Button>
          <Button leftSection={<Icon name="archive" />} loading={backup.isPending} onClick={() => backup.mutate()}>
            Back up now
          </Button>
        </>
      }
    >
      {story === null ? null : (
        <ErrorState inline what={story.what} safe={story.safe} next={story.next} detail={story.detail} />
      )}
      <Ask of={data} shape="rows">
        {(state) => <State state={state} />}
      </Ask>
    </Section>
  )
}

const State = (props: { readonly state: DataState }) => {
  const { path, bytes, lastCheck, lastBackup, automaticBackups } = props.state
  return (
    <div className={classes.stack}>
      <Card>
        <Facts
          facts={[
            { label: 'Location', value: <span className={classes.path}>{path}</span> },
            { label: 'Size', value: formatBytes(bytes) },
            {
              label: 'Last check',
              value:
                lastCheck === null ? (
                  'Never checked: press Verify'
                ) : (
                  <>
                    <Badge
                      tone={lastCheck.ok ? 'good' : 'bad'}
                      icon={lastCheck.ok ? 'check' : 'alert'}
                      label={lastCheck.ok ? 'whole' : 'problems found'}
                    />{' '}
                    <Ago at={lastCheck.at} />
                  </>
                ),
            },
            {
              label: 'Last backup',
              value:
                lastBackup === null ? (
                  'None yet: press Back up now'
                ) : (
                  <>
                    <Ago at={lastBackup.at} />, {formatBytes(lastBackup.bytes)}
                    <div className={classes.path}>{lastBackup.file}</div>
                  </>
                ),
            },
          ]}
        />
      </Card>
      {lastCheck === null || lastCheck.ok ? null : (
        <ErrorState
          inline
          what="The data file has damaged places."
          safe="The file was not changed. Earlier backups are listed below."
          next="Back up what can be read now, then restore the newest whole backup: close Prompt Lab and put that file in the place of the data file."
          detail={lastCheck.problems.join('\n')}
        />
      )}
      <p className={classes.note}>
        To restore, close Prompt Lab and copy a backup over the data file; keep the old one beside it. A backup is a
        whole, checked copy made while the lab may go on working.
      </p>
      {automaticBackups.length === 0 ? null : (
        <SimpleTable
          label="Automatic backups"
          table={{
            columns: [{ header: 'Automatic backup' }, { header: 'Made' }, { header: 'Size', align: 'end' }],
            rows: automaticBackups.map((backup) => [backup.file, formatDateTime(backup.at), formatBytes(backup.bytes)]),
          }}
        />
      )}
    </div>
  )
}
