import { useEffect } from 'react'
import { Ask } from '../components/ask.tsx'
import { addressOfScreen } from '../routing/address.ts'
import { navigate } from '../routing/route.ts'
import { useAsk } from '../state/lab.tsx'

/** The address without a place: the first run while there is no project, the projects afterwards. */
export const Start = () => {
  const projects = useAsk(['projects', 'list', false], (lab, signal) =>
    lab.projects.list.query({ trash: false }, { signal }),
  )
  return <Ask of={projects}>{(cards) => <Lead to={cards.length === 0 ? 'first-run' : 'projects'} />}</Ask>
}

const Lead = (props: { readonly to: string }) => {
  const to = addressOfScreen(props.to) ?? addressOfScreen('projects')
  useEffect(() => {
    if (to !== null) navigate(to, { replace: true })
  }, [to])
  return null
}
