import { ActionIcon, Button, NumberInput, Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { PriceList, PriceRow } from '../../../src-main/workspace/host-types.ts'
import { Ask } from '../../components/ask.tsx'
import { DataTable, type TableColumn } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { formatDate, formatUsd, plural } from '../../components/format.ts'
import { Icon } from '../../components/icon.tsx'
import { Section } from '../../components/page.tsx'
import { Badge } from '../../components/verdict-badge.tsx'
import { tellError } from '../../state/errors.ts'
import { useAct, useAsk } from '../../state/lab.tsx'
import { showToast } from '../../state/toasts.ts'
import classes from './settings.module.css'

const pageSize = 500

/** A price belongs to a seller. Unknown is not 0: a model without a price has an unknown cost. */
export const Prices = () => {
  const [find, setFind] = useState('')
  const [asked] = useDebouncedValue(find.trim(), 150)
  const [editing, edit] = useState<PriceRow | 'new' | null>(null)
  const prices = useAsk(
    ['prices', asked],
    (lab, signal) => lab.services.prices.query({ find: asked, offset: 0, limit: pageSize }, { signal }),
    { keep: true },
  )
  return (
    <Section
      title="Prices"
      actions={
        <Button variant="default" leftSection={<Icon name="add" />} onClick={() => edit('new')}>
          Add a price
        </Button>
      }
    >
      <p className={classes.note}>
        US dollars per million tokens
        {prices.data === undefined ? '' : `, table of ${formatDate(prices.data.date)}`}. Your own prices win over the
        table’s. A model without a price costs “unknown”, never $0.
      </p>
      {editing === null ? null : <PriceForm row={editing === 'new' ? null : editing} onClose={() => edit(null)} />}
      <TextInput
        label="Find a model"
        leftSection={<Icon name="search" size="small" />}
        value={find}
        onChange={(event) => setFind(event.currentTarget.value)}
        className={classes.spaced}
      />
      <Ask of={prices} shape="rows" count={8}>
        {(list) => <List list={list} find={asked} onEdit={edit} />}
      </Ask>
    </Section>
  )
}

const List = (props: {
  readonly list: PriceList
  readonly find: string
  readonly onEdit: (row: PriceRow | 'new') => void
}) => {
  const { list, onEdit } = props
  const queries = useQueryClient()
  const remove = useAct(
    (lab, row: PriceRow) =>
      lab.services.deletePrice.mutate({ provider: row.provider, model: row.model, baseUrl: row.baseUrl }),
    {
      onDone: () => void queries.invalidateQueries({ queryKey: ['prices'] }),
      onError: (error) => showToast({ kind: 'problem', text: tellError(error).what }),
    },
  )
  const { mutate } = remove
  const columns = useMemo(
    (): readonly TableColumn<PriceRow>[] => [
      { id: 'provider', header: 'Seller', width: 120, cell: (row) => row.provider },
      { id: 'model', header: 'Model', width: 240, grow: true, cell: (row) => row.model },
      { id: 'input', header: 'Input', width: 100, align: 'end', cell: (row) => formatUsd(row.inputPerMillion) },
      { id: 'output', header: 'Output', width: 100, align: 'end', cell: (row) => formatUsd(row.outputPerMillion) },
      { id: 'cached', header: 'Cached', width: 100, align: 'end', cell: (row) => formatUsd(row.cachedInputPerMillion) },
      {
        id: 'own',
        header: 'From',
        width: 110,
        cell: (row) =>
          row.own ? <Badge tone="info" icon="edit" label="yours" /> : <Badge tone="plain" label="table" />,
      },
      {
        id: 'actions',
        header: 'Change',
        width: 96,
        cell: (row) => (
          <>
            <ActionIcon tabIndex={-1} aria-label={`Change the price of ${row.model}`} onClick={() => onEdit(row)}>
              <Icon name="edit" size="small" />
            </ActionIcon>
            {row.own ? (
              <ActionIcon tabIndex={-1} aria-label={`Delete your price of ${row.model}`} onClick={() => mutate(row)}>
                <Icon name="trash" size="small" />
              </ActionIcon>
            ) : null}
          </>
        ),
      },
    ],
    [onEdit, mutate],
  )
  if (list.rows.length === 0) {
    return (
      <EmptyState
        icon="search"
        sentence={props.find === '' ? 'The price table is empty.' : `No model’s name holds “${props.find}”.`}
        action={{ label: 'Add a price', icon: 'add', run: () => onEdit('new') }}
      />
    )
  }
  return (
    <>
      <p className={classes.meta} role="status">
        {plural(list.total, 'price')}
        {list.total > list.rows.length ? `, the first ${list.rows.length} shown: type to narrow them down` : ''}. Enter
        changes a row.
      </p>
      <div className={classes.table}>
        <DataTable
          label="Prices"
          columns={columns}
          rowCount={list.rows.length}
          rowAt={(index) => list.rows[index]}
          rowKey={(row) => `${row.provider} ${row.model} ${row.baseUrl ?? ''}`}
          onActivate={({ row }) => {
            const chosen = list.rows[row]
            if (chosen !== undefined) onEdit(chosen)
          }}
        />
      </div>
    </>
  )
}

/** As typed: "1." is on its way to 1.5 and stays a text until then. */
type Amount = number | string
const priceOf = (amount: Amount): number | null => {
  const price = amount === '' ? Number.NaN : Number(amount)
  return Number.isFinite(price) ? price : null
}

const sellers = ['openai', 'anthropic', 'http'] as const

const PriceForm = (props: { readonly row: PriceRow | null; readonly onClose: () => void }) => {
  const { row, onClose } = props
  const queries = useQueryClient()
  const [provider, setProvider] = useState<string>(row?.provider ?? sellers[0])
  const [model, setModel] = useState(row?.model ?? '')
  const [input, setInput] = useState<Amount>(row?.inputPerMillion ?? '')
  const [output, setOutput] = useState<Amount>(row?.outputPerMillion ?? '')
  const [cached, setCached] = useState<Amount>(row?.cachedInputPerMillion ?? '')
  const save = useAct((lab, price: Omit<PriceRow, 'own'>) => lab.services.setPrice.mutate(price), {
    onDone: () => {
      void queries.invalidateQueries({ queryKey: ['prices'] })
      showToast({ kind: 'done', text: `Price of ${model} saved` })
      onClose()
    },
  })
  const prices = { input: priceOf(input), output: priceOf(output), cached: priceOf(cached) }
  const ready = model.trim() !== '' && prices.input !== null && prices.output !== null
  const amount = (label: string, value: Amount, set: (value: Amount) => void) => (
    <NumberInput
      className={classes.narrow}
      label={label}
      min={0}
      decimalScale={6}
      prefix="$"
      hideControls
      value={value}
      onChange={set}
    />
  )
  return (
    <form
      className={classes.form}
      aria-label={row === null ? 'Add a price' : `Change the price of ${row.model}`}
      onSubmit={(event) => {
        event.preventDefault()
        if (prices.input === null || prices.output === null || model.trim() === '') return
        save.mutate({
          provider,
          model: model.trim(),
          baseUrl: row?.baseUrl ?? null,
          inputPerMillion: prices.input,
          outputPerMillion: prices.output,
          cachedInputPerMillion: prices.cached,
        })
      }}
    >
      {row === null ? (
        <Select
          className={classes.narrow}
          label="Seller"
          value={provider}
          data={[...sellers]}
          onChange={(value) => setProvider(value ?? sellers[0])}
        />
      ) : null}
      <TextInput
        className={classes.grow}
        label="Model"
        autoFocus={row === null}
        readOnly={row !== null}
        value={model}
        error={save.isError ? tellError(save.error).what : null}
        onChange={(event) => setModel(event.currentTarget.value)}
      />
      {amount('Input', input, setInput)}
      {amount('Output', output, setOutput)}
      {amount('Cached input', cached, setCached)}
      <Button type="submit" loading={save.isPending} disabled={!ready}>
        Save
      </Button>
      <Button variant="default" onClick={onClose}>
        Cancel
      </Button>
    </form>
  )
}
