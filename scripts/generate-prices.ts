/**
 * Makes `resources/prices.json` from the data of genai-prices (MIT; licence note in `resources/prices.LICENSE`).
 *
 *   node scripts/generate-prices.ts FOLDER_OF_A_COPY 2026-08-21
 *
 * The folder holds `prices/data_slim.json` and `LICENSE`; the date is that of the copy and stands in every report.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { resourcePath } from '../src-main/package-root.ts'
import type { ModelMatch, PriceFile, PricePeriod, PriceProvider } from '../src-main/providers/price-file.ts'

const [folder, date] = process.argv.slice(2)
if (folder === undefined || date === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(date)) {
  console.error('Usage: node scripts/generate-prices.ts FOLDER DATE, for instance: ... ../genai-prices 2026-08-21')
  process.exit(1)
}

const amount = z
  .union([z.number(), z.object({ base: z.number() })])
  .transform((value) => (typeof value === 'number' ? value : value.base))
const rates = z.looseObject({
  input_mtok: amount.optional(),
  output_mtok: amount.optional(),
  cache_read_mtok: amount.optional(),
  requests_kcount: z.number().optional(),
})
const source = z.array(
  z.looseObject({
    id: z.string(),
    api_pattern: z.string(),
    fallback_model_providers: z.array(z.string()).optional(),
    models: z.array(
      z.looseObject({
        id: z.string(),
        match: z.unknown(),
        prices: z.union([
          z.array(
            z.object({
              constraint: z
                .looseObject({ start_date: z.string().optional(), start_time: z.string().optional() })
                .optional(),
              prices: rates,
            }),
          ),
          rates,
        ]),
      }),
    ),
  }),
)

/** `{or: [{starts_with: "a"}, {equals: "b"}]}` becomes `[{startsWith: "a"}, {equals: "b"}]`. */
const matches = (clause: unknown): ModelMatch[] =>
  Object.entries(clause as Record<string, unknown>).flatMap(([kind, value]): ModelMatch[] => {
    if (kind === 'or') return (value as unknown[]).flatMap(matches)
    const text = z.string().parse(value)
    if (kind === 'equals') return [{ equals: text }]
    if (kind === 'starts_with') return [{ startsWith: text }]
    if (kind === 'ends_with') return [{ endsWith: text }]
    if (kind === 'contains') return [{ contains: text }]
    if (kind === 'regex') return [{ regex: text }]
    throw new Error(`unknown kind of match: ${kind}`)
  })

/**
 * Null where the price is not one of tokens alone (a fee per request). Of tiers by prompt length the first is taken
 * (prompts below 128,000 or 200,000 tokens), of prices by time of day the dearest.
 */
const period = (from: string | null, price: z.infer<typeof rates>): PricePeriod | null =>
  price.input_mtok === undefined || price.requests_kcount !== undefined
    ? null
    : {
        from,
        inputPerMillion: price.input_mtok,
        // Embedding models have no output to pay for.
        outputPerMillion: price.output_mtok ?? 0,
        cachedInputPerMillion: price.cache_read_mtok ?? null,
      }

const dearest = (periods: readonly PricePeriod[]): PricePeriod | undefined =>
  periods.toSorted((a, b) => b.outputPerMillion - a.outputPerMillion)[0]

const periods = (prices: z.infer<typeof source>[number]['models'][number]['prices']): PricePeriod[] => {
  if (!Array.isArray(prices)) return [period(null, prices)].filter((each) => each !== null)
  const byTime = prices.some((each) => each.constraint?.start_time !== undefined)
  const all = prices
    .map((each) => period(each.constraint?.start_date ?? null, each.prices))
    .filter((each) => each !== null)
  const chosen = byTime ? dearest(all) : undefined
  return byTime ? (chosen === undefined ? [] : [{ ...chosen, from: null }]) : all
}

const providers: PriceProvider[] = source
  .parse(JSON.parse(readFileSync(join(folder, 'prices', 'data_slim.json'), 'utf8')))
  .map((provider) => ({
    id: provider.id,
    urlPattern: provider.api_pattern,
    fallback: provider.fallback_model_providers ?? [],
    models: provider.models
      .map((model) => ({ id: model.id, match: matches(model.match), prices: periods(model.prices) }))
      .filter((model) => model.prices.length > 0),
  }))

const file: PriceFile = {
  date,
  source: 'github.com/pydantic/genai-prices, MIT licence, see prices.LICENSE',
  note: 'US dollars per million tokens. Made by scripts/generate-prices.ts; put your own prices in a file of your own.',
  providers,
}
// One model a line: a new version of the table is then readable as a difference.
const text = JSON.stringify({ ...file, providers: [] }).replace(/\]\}$/, '')
const blocks = providers.map(({ models, ...provider }) => {
  const head = JSON.stringify({ ...provider, models: [] }).replace(/\]\}$/, '')
  return `${head}\n${models.map((model) => `  ${JSON.stringify(model)}`).join(',\n')}\n]}`
})
writeFileSync(resourcePath('prices.json'), `${text}\n${blocks.join(',\n')}\n]}\n`)
writeFileSync(resourcePath('prices.LICENSE'), readFileSync(join(folder, 'LICENSE'), 'utf8'))
const count = providers.reduce((sum, provider) => sum + provider.models.length, 0)
console.log(`${count} models of ${providers.length} providers, prices of ${date}`)
