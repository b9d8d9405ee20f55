import { SegmentedControl } from '@mantine/core'
import { useMemo } from 'react'
import type { NetworkEntry } from '../../../src-main/workspace/host-types.ts'
import { DataTable, type TableColumn } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { formatBytes, formatDuration, plural } from '../../components/format.ts'
import { Section } from '../../components/page.tsx'
import { Badge } from '../../components/verdict-badge.tsx'
import { addressOfScreen } from '../../routing/address.ts'
import { navigate, useQueryParam } from '../../routing/route.ts'
import { useNetwork } from '../../state/network.ts'
import classes from './settings.module.css'

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })

const columns: readonly TableColumn<NetworkEntry>[] = [
  { id: 'at', header: 'Time', width: 92, cell: (entry) => time.format(new Date(entry.at)) },
  { id: 'host', header: 'Host', width: 150, grow: true, cell: (entry) => entry.host },
  {
    id: 'where',
    header: 'Where',
    width: 150,
    cell: (entry) =>
      entry.loopback ? (
        <Badge tone="plain" icon="computer" label="this computer" />
      ) : (
        <Badge tone="info" icon="network" label="beyond it" />
      ),
  },
  { id: 'purpose', header: 'Purpose', width: 150, cell: (entry) => entry.purpose },
  { id: 'sent', header: 'Sent', width: 76, align: 'end', cell: (entry) => formatBytes(entry.sentBytes) },
  { id: 'received', header: 'Received', width: 90, align: 'end', cell: (entry) => formatBytes(entry.receivedBytes) },
  { id: 'took', header: 'Took', width: 84, align: 'end', cell: (entry) => formatDuration(entry.durationMs) },
  {
    id: 'outcome',
    header: 'Outcome',
    width: 120,
    cell: (entry) => (
      <Badge
        tone={entry.outcome === 'ok' ? 'good' : entry.outcome === 'failed' ? 'bad' : 'plain'}
        icon={entry.outcome === 'ok' ? 'check' : entry.outcome === 'failed' ? 'alert' : 'minus'}
        label={entry.status === null ? entry.outcome : `${entry.outcome} (${entry.status})`}
      />
    ),
  },
]

/** Every request that left the program, newest first: host, purpose, size and outcome, never a content or a key. */
export const Network = () => {
  const entries = useNetwork((state) => state.entries)
  const beyond = useNetwork((state) => state.beyond)
  const [which, choose] = useQueryParam<'all' | 'beyond'>('which', 'all')
  const shown = useMemo(
    () => entries.filter((entry) => which === 'all' || !entry.loopback).toReversed(),
    [entries, which],
  )
  return (
    <Section
      title="Network log"
      lead={
        beyond === 0
          ? 'Nothing has left this computer since Prompt Lab was started.'
          : `${plural(beyond, 'request')} went beyond this computer since Prompt Lab was started.`
      }
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Which requests"
          value={which}
          onChange={(value) => choose(value === 'beyond' ? 'beyond' : 'all')}
          data={[
            { value: 'all', label: 'All' },
            { value: 'beyond', label: 'Beyond this computer' },
          ]}
        />
      }
    >
      {shown.length === 0 ? (
        <EmptyState
          icon="shield"
          sentence={which === 'all' ? 'No request has been made yet.' : 'No request has left this computer.'}
          action={{ label: 'Go to the projects', run: () => navigate(addressOfScreen('projects') ?? '/') }}
        />
      ) : (
        <div className={classes.table}>
          <DataTable
            label="Outgoing requests"
            columns={columns}
            rowCount={shown.length}
            rowAt={(index) => shown[index]}
            rowKey={(entry) => entry.n}
          />
        </div>
      )}
    </Section>
  )
}
