import { Page } from '../../components/page.tsx'
import { useAsk } from '../../state/lab.tsx'
import classes from './first-run.module.css'
import { KeyCard } from './key-card.tsx'
import { LocalCard } from './local-card.tsx'
import { SampleCard } from './sample-card.tsx'

/** The first real result without an account: one press opens a finished run on this machine's disk. */
const FirstRun = () => {
  const samples = useAsk(['samples'], (lab, signal) => lab.projects.samples.query(undefined, { signal }))
  return (
    <Page
      title="Welcome to Prompt Lab"
      lead="Compare prompts on your own cases, with honest statistics. Everything is stored on this computer; nothing is sent anywhere until you start a run on a service you chose."
    >
      <div className={classes.cards}>
        <SampleCard samples={samples} />
        <LocalCard samples={samples.data ?? []} />
        <KeyCard />
      </div>
    </Page>
  )
}

export default FirstRun
