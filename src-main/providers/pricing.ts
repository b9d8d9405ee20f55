import { existsSync, readFileSync } from 'node:fs'
import type { z } from 'zod'
import { LabError } from '../../src-core/domain/errors.ts'
import { isLocal, type ModelReference, type TokenPrice } from '../../src-core/domain/model.ts'
import { resourcePath } from '../package-root.ts'
import {
  type ModelMatch,
  type PriceFile,
  type PricePeriod,
  type PriceProvider,
  priceFile,
  type UserPrices,
  userPriceFile,
} from './price-file.ts'
import { providerEntries } from './registry.ts'

export type PricedModel = Pick<ModelReference, 'provider' | 'model' | 'baseUrl' | 'price'>

export type PriceTable = {
  /** The day the table was made; belongs in every report that shows costs. */
  readonly date: string
  /**
   * US dollars per million tokens: the price that the lab declares, else the user's own, else $0 for a local provider,
   * else the table's for the server asked. Null where none is known: the cost is then unknown, never 0.
   * Of prices by prompt length it is the first tier's (below 128,000 or 200,000 tokens).
   */
  priceOf(model: PricedModel): TokenPrice | null
}

const free: TokenPrice = { inputPerMillion: 0, outputPerMillion: 0, cachedInputPerMillion: 0 }

/**
 * The shipped table (read at the first question: most commands ask none) and, where it exists, a file of the user's own.
 * `today` (ISO date, UTC) decides between announced prices. Throws LabError 'lab-file' for a broken file of the user's.
 */
export const loadPrices = (userFile?: string, today: string = new Date().toISOString().slice(0, 10)): PriceTable => {
  const own = userFile === undefined || !existsSync(userFile) ? [] : parse(userPriceFile, userFile).prices
  let table: PriceFile | null = null
  const shipped = (): PriceFile => {
    table ??= parse(priceFile, resourcePath('prices.json'))
    return table
  }
  const found = new Map<string, TokenPrice | null>()
  return {
    get date() {
      return shipped().date
    },
    priceOf: (model) => {
      if (model.price !== null) return model.price
      const key = JSON.stringify([model.provider, model.baseUrl, model.model])
      const known = found.get(key)
      if (known !== undefined) return known
      const price = ownPrice(own, model) ?? (isLocal(model) ? free : tablePrice(shipped(), model, today))
      found.set(key, price)
      return price
    },
  }
}

const parse = <T>(schema: z.ZodType<T>, file: string): T => {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new LabError('lab-file', `The price file ${file} cannot be read as JSON: ${(cause as Error).message}`, {
      cause,
    })
  }
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => ({
    message: `${issue.path.join('.')}: ${issue.message}`,
    file,
    line: null,
    column: null,
  }))
  throw new LabError('lab-file', `The price file ${file} is wrong: ${problems[0]?.message}`, { problems })
}

const ownPrice = (own: UserPrices, model: PricedModel): TokenPrice | null => {
  const entry = own.find(
    (each) =>
      (each.provider === undefined || each.provider === model.provider) &&
      (each.baseUrl === undefined || each.baseUrl === model.baseUrl) &&
      (each.model.endsWith('*') ? model.model.startsWith(each.model.slice(0, -1)) : each.model === model.model),
  )
  return entry === undefined ? null : tokenPrice(entry)
}

const tablePrice = (table: PriceFile, model: PricedModel, today: string): TokenPrice | null => {
  const url = model.baseUrl ?? providerEntries.find((entry) => entry.id === model.provider)?.defaultBaseUrl ?? null
  // A price belongs to a seller: the same name on another server is another price, or none.
  const seller =
    url === null ? undefined : table.providers.find((provider) => new RegExp(`^(?:${provider.urlPattern})`).test(url))
  if (seller === undefined) return null
  const sellers = [seller, ...seller.fallback.map((id) => table.providers.find((provider) => provider.id === id))]
  for (const provider of sellers) {
    const period = provider === undefined ? null : periodOf(provider, model.model, today)
    if (period !== null) return tokenPrice(period)
  }
  return null
}

const periodOf = (provider: PriceProvider, name: string, today: string): PricePeriod | null => {
  const model = provider.models.find((each) => each.match.some((match) => matches(match, name)))
  // The latest that has begun; the table lists them in order.
  return model?.prices.findLast((period) => period.from === null || period.from <= today) ?? null
}

const matches = (match: ModelMatch, name: string): boolean => {
  if ('equals' in match) return name === match.equals
  if ('startsWith' in match) return name.startsWith(match.startsWith)
  if ('endsWith' in match) return name.endsWith(match.endsWith)
  if ('contains' in match) return name.includes(match.contains)
  return new RegExp(match.regex).test(name)
}

const tokenPrice = ({ inputPerMillion, outputPerMillion, cachedInputPerMillion }: TokenPrice): TokenPrice => ({
  inputPerMillion,
  outputPerMillion,
  cachedInputPerMillion,
})
