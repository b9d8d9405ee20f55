import { Button, Modal, NumberInput } from '@mantine/core'
import { useState } from 'react'
import type { Budget } from '../../../src-core/domain/objective.ts'
import { Column, Row } from '../../components/card.tsx'
import type { BudgetInput, Controls } from './use-controls.ts'

const fields = [
  { key: 'usd', label: 'Money, in US dollars', decimals: 6 },
  { key: 'calls', label: 'Calls', decimals: 0 },
  { key: 'tokens', label: 'Tokens', decimals: 0 },
  { key: 'minutes', label: 'Minutes', decimals: 2 },
] as const

const inputOf = (values: Budget): BudgetInput => ({
  ...(values.usd === null ? {} : { usd: values.usd }),
  ...(values.calls === null ? {} : { calls: values.calls }),
  ...(values.tokens === null ? {} : { tokens: values.tokens }),
  ...(values.minutes === null ? {} : { minutes: values.minutes }),
})

/** The budget as it is, to be raised; an empty field is no cap. */
export const RaiseCap = (props: {
  readonly budget: Budget
  readonly controls: Controls
  readonly onClose: () => void
}) => {
  const [values, setValues] = useState(props.budget)
  return (
    <Modal opened onClose={props.onClose} title="Raise the cap">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          props.controls.raiseCap.mutate(inputOf(values))
          props.onClose()
        }}
      >
        <Column>
          {fields.map(({ key, label, decimals }) => (
            <NumberInput
              key={key}
              label={label}
              placeholder="no cap"
              min={0}
              decimalScale={decimals}
              thousandSeparator=","
              value={values[key] ?? ''}
              onChange={(value) =>
                setValues({ ...values, [key]: typeof value === 'number' && value > 0 ? value : null })
              }
            />
          ))}
          <p>A running run finishes what is under way and goes on with the new cap.</p>
          <Row>
            <Button type="submit">Use this cap</Button>
            <Button variant="default" onClick={props.onClose}>
              Cancel
            </Button>
          </Row>
        </Column>
      </form>
    </Modal>
  )
}
