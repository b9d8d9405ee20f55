import { Ask } from '../../components/ask.tsx'
import { Inspector } from '../../components/inspector.tsx'
import { useQueryParam } from '../../routing/route.ts'
import { cellParam } from '../../run/address.ts'
import { useRunPlace } from '../../run/use-run.ts'
import { ResponseBody } from './response-body.tsx'
import { useCell } from './use-cell.ts'

/** The response of the address's `cell`, in the right panel beside the list it was opened from. */
const ResponseInspector = () => {
  const [text, setText] = useQueryParam(cellParam, '')
  const cell = Number(text)
  const close = (): void => {
    setText('')
    // Back to the list it came from, so that the arrow keys go on where they were.
    document.querySelector<HTMLElement>('main [role="grid"]')?.focus()
  }
  return (
    <Inspector title="Response" onClose={close}>
      {text !== '' && Number.isSafeInteger(cell) && cell >= 0 ? (
        <Inspected cell={cell} onCell={(next) => setText(String(next))} />
      ) : (
        <p>There is no response of this number.</p>
      )}
    </Inspector>
  )
}

const Inspected = (props: { readonly cell: number; readonly onCell: (cell: number) => void }) => {
  const place = useRunPlace()
  const model = useCell(place, props.cell)
  return (
    <Ask of={model.asked} inline>
      {(cell) => <ResponseBody place={place} cell={cell} model={model} onCell={props.onCell} />}
    </Ask>
  )
}
export default ResponseInspector
