import { Button } from '@mantine/core'
import type { ServiceCard } from '../../../src-main/workspace/host-types.ts'
import { Ask } from '../../components/ask.tsx'
import { Card } from '../../components/card.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { formatDuration, plural } from '../../components/format.ts'
import { Section } from '../../components/page.tsx'
import { Badge } from '../../components/verdict-badge.tsx'
import { navigate } from '../../routing/route.ts'
import { tellError } from '../../state/errors.ts'
import { useAct, useAsk } from '../../state/lab.tsx'
import classes from './settings.module.css'

/** Where requests may go at all: a key is bound to one origin, redirects are not followed. */
export const Services = () => {
  const services = useAsk(['services'], (lab, signal) => lab.services.list.query(undefined, { signal }))
  return (
    <Section title="Services and hosts">
      <p className={classes.note}>
        Requests go to the hosts below and to addresses that you type into a model’s setup. Imported files cannot add an
        address, redirects are not followed, and a key is sent to no origin but its own.
      </p>
      <Ask of={services} shape="rows">
        {(all) =>
          all.length === 0 ? (
            <EmptyState
              icon="network"
              sentence="No service is known to this build."
              action={{ label: 'Add a key', run: () => navigate('/settings?section=keys') }}
            />
          ) : (
            <Card pad={false}>
              <ul className={classes.list}>
                {all.map((service) => (
                  <ServiceItem key={service.id} service={service} />
                ))}
              </ul>
            </Card>
          )
        }
      </Ask>
    </Section>
  )
}

/** A service without an address of its own is asked for one where a model of it is set up. */
const placeOf = ({ baseUrl, local }: ServiceCard): string => {
  if (baseUrl === null) return local ? 'inside this program' : 'no address of its own'
  return `${baseUrl} · ${local ? 'on this computer' : 'beyond this computer'}`
}

const ServiceItem = (props: { readonly service: ServiceCard }) => {
  const { service } = props
  const test = useAct((lab) =>
    lab.services.test.mutate({ provider: service.id, baseUrl: service.baseUrl, apiKeyEnv: service.keyVariable }),
  )
  const outcome = test.data
  const story = test.isError ? tellError(test.error) : null
  return (
    <li className={classes.item}>
      <div>
        <div className={classes.name}>{service.label}</div>
        <div className={classes.meta}>{placeOf(service)}</div>
      </div>
      <div className={classes.aside}>
        {service.keySet === null ? (
          <Badge tone="plain" label="needs no key" />
        ) : service.keySet ? (
          <Badge tone="good" icon="check" label="key set" />
        ) : (
          <Badge tone="plain" icon="key" label="no key" />
        )}
        {service.baseUrl === null && !service.local ? null : (
          <Button size="xs" variant="default" loading={test.isPending} onClick={() => test.mutate()}>
            Test<span className={classes.unseen}> {service.label}</span>
          </Button>
        )}
      </div>
      <div className={classes.whole} role="status">
        {outcome === undefined ? null : (
          <span className={classes.form}>
            <Badge
              tone={outcome.ok ? 'good' : 'bad'}
              icon={outcome.ok ? 'check' : 'alert'}
              label={outcome.ok ? 'answers' : 'fails'}
            />
            <span>
              {outcome.message}
              {outcome.latencyMs === null ? '' : ` (${formatDuration(outcome.latencyMs)})`}
              {outcome.models.length === 0 ? '' : `, ${plural(outcome.models.length, 'model')}`}
            </span>
          </span>
        )}
        {story === null ? null : `${story.what} ${story.next}`}
      </div>
    </li>
  )
}
