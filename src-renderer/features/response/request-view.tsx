import type { CellDetail } from '../../../src-main/workspace/experiment-types.ts'
import { Part, Plain } from './part.tsx'
import classes from './response.module.css'

/** What was sent, message by message, exactly; the parameters beside it. */
export const RequestView = (props: { readonly cell: CellDetail }) => {
  const { messages, parameters } = props.cell.request
  const names = Object.entries(parameters)
  const inputs = Object.entries(props.cell.inputs)
  return (
    <Part title="Request">
      {messages.map((message, index) => (
        <div key={index}>
          <h4 className={classes.small}>{message.role}</h4>
          <Plain text={message.content} label={`Message ${index + 1}, ${message.role}`} />
        </div>
      ))}
      {names.length === 0 ? null : (
        <details className={classes.inner}>
          <summary>Parameters</summary>
          <Plain text={JSON.stringify(parameters, null, 2)} label="Parameters" />
        </details>
      )}
      {inputs.length === 0 ? null : (
        <details className={classes.inner}>
          <summary>Variables of the case</summary>
          <Plain text={JSON.stringify(props.cell.inputs, null, 2)} label="Variables of the case" />
        </details>
      )}
    </Part>
  )
}
