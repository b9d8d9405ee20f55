import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { type LabClient, type QueryKey, useLab } from '../state/lab.tsx'

type Window<Row> = { readonly rows: readonly Row[]; readonly total: number }
export const pageSize = 100

/**
 * Rows of a long list by pages, those in sight only: what scrolls away is forgotten after a few seconds, so the page never
 * holds a whole run. `key` begins with the area that commands touch ('ratings') and names everything the list depends on.
 */
export const usePages = <Row, Page extends Window<Row>>(options: {
  readonly key: QueryKey
  readonly ask: (
    lab: LabClient,
    page: { readonly offset: number; readonly limit: number },
    signal: AbortSignal,
  ) => Promise<Page>
  /** Rows besides those in sight that must be there, such as a selected block: first and last. */
  readonly hold?: readonly [number, number] | null
  /** Ask again this often, while a run goes on. */
  readonly everyMs?: number | undefined
}) => {
  const lab = useLab()
  const [sight, setSight] = useState<readonly [number, number]>([0, 0])
  const query = (page: number) => ({
    queryKey: [...options.key, page],
    queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
      options.ask(lab, { offset: page * pageSize, limit: pageSize }, signal),
    gcTime: 10_000,
    ...(options.everyMs === undefined ? {} : { refetchInterval: options.everyMs }),
  })
  // The head names totals and counts; the last answer stays while another filter is asked.
  const head = useQuery({ ...query(0), placeholderData: keepPreviousData })
  const total = head.data?.total ?? 0
  const wanted = pagesOf([sight, ...(options.hold == null ? [] : [options.hold])], total)
  const pages = useQueries({ queries: wanted.map(query) })
  const rowAt = (index: number): Row | undefined => {
    const page = Math.floor(index / pageSize)
    const data = page === 0 ? head.data : pages[wanted.indexOf(page)]?.data
    return data?.rows[index % pageSize]
  }
  const onVisible = useCallback((first: number, end: number) => setSight([first, end]), [])
  return { head, total, rowAt, onVisible, failed: pages.find((page) => page.isError) ?? null }
}

/** Numbers of the pages that hold these rows, each once. */
export const pagesOf = (spans: readonly (readonly [number, number])[], total: number): readonly number[] => {
  const last = Math.max(0, Math.ceil(total / pageSize) - 1)
  const found = new Set<number>()
  for (const [first, end] of spans) {
    for (let page = Math.floor(first / pageSize); page <= Math.min(last, Math.floor(end / pageSize)); page++)
      found.add(page)
  }
  return [...found].toSorted((a, b) => a - b)
}
