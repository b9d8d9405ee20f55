import { z } from 'zod'

const money = z.number().nonnegative()

const modelMatch = z.union([
  z.strictObject({ equals: z.string() }),
  z.strictObject({ startsWith: z.string() }),
  z.strictObject({ endsWith: z.string() }),
  z.strictObject({ contains: z.string() }),
  z.strictObject({ regex: z.string() }),
])
const pricePeriod = z.strictObject({
  /** First day (UTC) of this price; null: since ever. */
  from: z.iso.date().nullable(),
  inputPerMillion: money,
  outputPerMillion: money,
  cachedInputPerMillion: money.nullable(),
})
const priceProvider = z.strictObject({
  id: z.string(),
  /** Matches, from its beginning, the base URL that these prices hold for. */
  urlPattern: z.string(),
  /** Other providers of this table whose models are sold here at the same price. */
  fallback: z.array(z.string()),
  models: z.array(z.strictObject({ id: z.string(), match: z.array(modelMatch), prices: z.array(pricePeriod).min(1) })),
})

/** `resources/prices.json`. */
export const priceFile = z.strictObject({
  date: z.iso.date(),
  source: z.string(),
  note: z.string(),
  providers: z.array(priceProvider),
})

/** A user's own prices: `{ "prices": [{ "provider": "openai", "model": "my-model*", "inputPerMillion": 1, ... }] }`. */
export const userPriceFile = z.strictObject({
  prices: z.array(
    z.strictObject({
      /** A provider of a lab file; absent: any. */
      provider: z.string().optional(),
      /** Absent: any server. */
      baseUrl: z.string().optional(),
      /** The model's name; a `*` at its end stands for any rest. */
      model: z.string().min(1),
      inputPerMillion: money,
      outputPerMillion: money,
      cachedInputPerMillion: money.nullable().default(null),
    }),
  ),
})

export type ModelMatch = z.infer<typeof modelMatch>
export type PricePeriod = z.infer<typeof pricePeriod>
export type PriceProvider = z.infer<typeof priceProvider>
export type PriceFile = z.infer<typeof priceFile>
export type UserPrices = z.infer<typeof userPriceFile>['prices']
