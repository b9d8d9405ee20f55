import { addressOfScreen } from '../../routing/address.ts'
import { navigate } from '../../routing/route.ts'
import { useAsk } from '../../state/lab.tsx'
import { ChoiceCard } from './choice-card.tsx'
import classes from './first-run.module.css'

/** Where a key would be kept is said before it is typed. */
export const KeyCard = () => {
  const keys = useAsk(['keys', null], (lab, signal) => lab.services.keys.query({ project: null }, { signal }))
  const backend = keys.data?.backend
  const known = keys.data?.keys.filter((key) => key.set).length ?? 0
  const settings = addressOfScreen('settings')
  return (
    <ChoiceCard
      icon="key"
      title="Add an API key"
      shortcut="choose3"
      label="Add an API key"
      disabled={settings === null}
      onChoose={() => {
        if (settings !== null) navigate(`${settings}?section=keys`)
      }}
    >
      <p className={classes.about}>For models of OpenAI, Anthropic and every service that speaks OpenAI’s protocol.</p>
      {backend === undefined ? null : <p className={classes.fact}>{keptWhere[backend.kind]}</p>}
      {known === 0 ? null : (
        <p className={classes.fact}>{known === 1 ? 'One key is set already.' : `${known} keys are set already.`}</p>
      )}
    </ChoiceCard>
  )
}

const keptWhere = {
  keychain: 'Kept in this system’s keychain. The window can set or delete a key, never read it.',
  session: 'This system offers no keychain: a key is kept in memory until Prompt Lab is closed, never on the disk.',
  environment: 'In a browser, keys come from environment variables of the terminal that started Prompt Lab.',
} as const
