import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { resourcePath } from '../package-root.ts'
import { priceFile, type UserPrices, userPriceFile } from '../providers/price-file.ts'
import { loadPrices, type PriceTable } from '../providers/pricing.ts'
import type { PriceList, PriceRow } from './host-types.ts'

type Own = UserPrices[number]
const same = (
  a: Pick<Own, 'provider' | 'model' | 'baseUrl'>,
  b: Pick<PriceRow, 'provider' | 'model' | 'baseUrl'>,
): boolean => a.model === b.model && a.provider === b.provider && (a.baseUrl ?? null) === b.baseUrl

/** The price table with a person's own prices over it, kept in a file beside the database. */
export const openPriceBook = (
  file: string,
): PriceTable & {
  list(find: string, page: { readonly offset: number; readonly limit: number }): PriceList
  set(row: Omit<PriceRow, 'own'>): Promise<void>
  remove(row: Pick<PriceRow, 'provider' | 'model' | 'baseUrl'>): Promise<void>
} => {
  let table = loadPrices(file)
  const own = (): UserPrices =>
    existsSync(file) ? userPriceFile.parse(JSON.parse(readFileSync(file, 'utf8'))).prices : []
  const shipped = (): readonly PriceRow[] => {
    const today = new Date().toISOString().slice(0, 10)
    const { providers } = priceFile.parse(JSON.parse(readFileSync(resourcePath('prices.json'), 'utf8')))
    return providers.flatMap((provider) =>
      provider.models.flatMap(({ id, prices }) => {
        const price = prices.findLast(({ from }) => from === null || from <= today)
        return price === undefined
          ? []
          : [
              {
                provider: provider.id,
                model: id,
                baseUrl: null,
                inputPerMillion: price.inputPerMillion,
                outputPerMillion: price.outputPerMillion,
                cachedInputPerMillion: price.cachedInputPerMillion,
                own: false,
              },
            ]
      }),
    )
  }
  const write = async (prices: UserPrices): Promise<void> => {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await writeFile(`${file}.part`, `${JSON.stringify({ prices }, null, 1)}\n`)
    await rename(`${file}.part`, file)
    table = loadPrices(file)
  }
  /** One change after the other: each reads what the one before wrote. */
  let queue: Promise<void> = Promise.resolve()
  const change = (next: (prices: UserPrices) => UserPrices): Promise<void> => {
    const before = queue
    const done = (async () => {
      await before
      await write(next(own()))
    })()
    // Who asked hears of trouble; the next change begins anew.
    queue = done.catch(() => undefined)
    return done
  }

  return {
    get date() {
      return table.date
    },
    priceOf: (model) => table.priceOf(model),
    list: (find, { offset, limit }) => {
      const mine = own().map(
        (row): PriceRow => ({
          provider: row.provider ?? '',
          model: row.model,
          baseUrl: row.baseUrl ?? null,
          inputPerMillion: row.inputPerMillion,
          outputPerMillion: row.outputPerMillion,
          cachedInputPerMillion: row.cachedInputPerMillion,
          own: true,
        }),
      )
      const text = find.trim().toLowerCase()
      const rows = [...mine, ...shipped()].filter(({ provider, model }) =>
        `${provider}/${model}`.toLowerCase().includes(text),
      )
      return { date: table.date, rows: rows.slice(offset, offset + limit), total: rows.length }
    },
    set: ({ baseUrl, ...row }) =>
      change((prices) => [
        ...prices.filter((each) => !same(each, { ...row, baseUrl })),
        { ...row, ...(baseUrl === null ? {} : { baseUrl }) },
      ]),
    remove: (row) => change((prices) => prices.filter((each) => !same(each, row))),
  }
}

export type PriceBook = ReturnType<typeof openPriceBook>
