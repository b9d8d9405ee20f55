import { useSyncExternalStore } from 'react'
import { formatCount, formatUsd, plural } from '../components/format.ts'
import { Icon, type IconName } from '../components/icon.tsx'
import { useAsk } from '../state/lab.tsx'
import { healthOf, useFollowNetwork, useNetwork } from '../state/network.ts'
import { overallSave, useShellState } from '../state/shell.ts'
import classes from './status-bar.module.css'

const subscribeOnline = (listener: () => void): (() => void) => {
  window.addEventListener('online', listener)
  window.addEventListener('offline', listener)
  return () => {
    window.removeEventListener('online', listener)
    window.removeEventListener('offline', listener)
  }
}
const useOnline = (): boolean => useSyncExternalStore(subscribeOnline, () => navigator.onLine)

const Item = (props: {
  readonly icon: IconName
  readonly tone?: 'bad' | 'warn' | 'good'
  readonly title?: string
  readonly children: string
}) => (
  <span className={classes.item} data-tone={props.tone} title={props.title}>
    <Icon name={props.icon} size="small" />
    {props.children}
  </span>
)

const saves = {
  saved: { icon: 'check', text: 'Saved', tone: undefined },
  unsaved: { icon: 'edit', text: 'Unsaved changes', tone: undefined },
  saving: { icon: 'refresh', text: 'Saving', tone: undefined },
  failed: { icon: 'alert', text: 'Not saved: retried with the next change', tone: 'bad' },
} as const

const SaveItem = () => {
  const state = useShellState((shell) => overallSave(shell.saves))
  const { icon, text, tone } = saves[state]
  return (
    <span role="status" className={classes.slot}>
      <Item icon={icon} {...(tone === undefined ? {} : { tone })}>
        {text}
      </Item>
    </span>
  )
}

const HealthItem = () => {
  const entries = useNetwork((state) => state.entries)
  const health = healthOf(entries)
  const ill = health.filter((host) => !host.ok)
  if (health.length === 0) return <Item icon="network">No provider asked yet</Item>
  if (ill.length === 0) return <Item icon="network">{`${plural(health.length, 'provider')} healthy`}</Item>
  return (
    <Item icon="alert" tone="warn" title={ill.map((host) => host.host).join(', ')}>
      {ill.length === 1 ? `${ill[0]?.host ?? ''} fails` : `${ill.length} providers fail`}
    </Item>
  )
}

const OfflineItem = () => {
  const online = useOnline()
  const beyond = useNetwork((state) => state.beyond)
  if (!online)
    return (
      <Item icon="offline" tone="warn">
        Offline
      </Item>
    )
  if (beyond === 0)
    return (
      <Item icon="shield" title="No request has left this machine since the lab was opened">
        Nothing left this machine
      </Item>
    )
  return (
    <Item
      icon="network"
      title="Every request stands in Settings, Network"
    >{`${plural(beyond, 'request')} beyond this machine`}</Item>
  )
}

/** Running jobs, money spent today, provider health, whether anything leaves this machine, and the state of drafts. */
export const StatusBar = () => {
  useFollowNetwork()
  const info = useAsk(['app'], (lab, signal) => lab.app.info.query(undefined, { signal }), { everyMs: 5_000 })
  const { data } = info
  return (
    <footer className={classes.bar} aria-label="Status">
      {data === undefined ? null : (
        <>
          <Item icon={data.runsLive > 0 ? 'play' : 'stop'}>
            {data.runsLive === 0 ? 'No run' : `${formatCount(data.runsLive)} running`}
          </Item>
          <Item
            icon="chart"
            title="Since midnight UTC, over all projects"
          >{`Spent today ${formatUsd(data.spentTodayUsd)}`}</Item>
        </>
      )}
      {info.isError ? (
        <Item icon="alert" tone="bad">
          The host does not answer
        </Item>
      ) : (
        <HealthItem />
      )}
      <span className={classes.space} />
      {data?.readOnly === true ? (
        <Item icon="shield" tone="warn">
          Read only
        </Item>
      ) : null}
      <OfflineItem />
      <SaveItem />
    </footer>
  )
}
