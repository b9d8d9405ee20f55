import { Ask } from '../../components/ask.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Page } from '../../components/page.tsx'
import { useParams } from '../../routing/params.tsx'
import { navigate } from '../../routing/route.ts'
import { runPath } from '../../run/address.ts'
import { RunLinks } from '../../run/run-page.tsx'
import { useRunPlace } from '../../run/use-run.ts'
import { ResponseBody } from './response-body.tsx'
import { useCell } from './use-cell.ts'

/** The response with the whole window to itself. */
const ResponsePage = () => {
  const place = useRunPlace()
  const number = Number(useParams().number)
  if (!Number.isSafeInteger(number) || number < 0)
    return (
      <EmptyState
        icon="search"
        sentence="There is no response of this number."
        action={{ label: 'Go to the results', run: () => navigate(runPath('results', place)) }}
      />
    )
  return <Response place={place} cell={number} />
}

const Response = (props: { readonly place: ReturnType<typeof useRunPlace>; readonly cell: number }) => {
  const model = useCell(props.place, props.cell)
  return (
    <Page title="Response" actions={<RunLinks at="results" place={props.place} />}>
      <Ask of={model.asked}>{(cell) => <ResponseBody place={props.place} cell={cell} model={model} wide />}</Ask>
    </Page>
  )
}
export default ResponsePage
