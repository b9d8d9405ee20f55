/**
 * `node scripts/recorded-tables.ts DATA OUT`: turns recorded results of published experiments into tables for
 * `promptlab analyze --table`, and writes what their authors published beside them (published.json). DATA holds the folders
 * named in docs/statistics-evidence.md.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseDelimited } from '../src-core/lab/delimited.ts'

const [data, out] = process.argv.slice(2)
if (data === undefined || out === undefined) {
  process.stderr.write('usage: node scripts/recorded-tables.ts DATA OUT\n')
  process.exit(1)
}

type Cells = Readonly<Record<string, string>>
type Row = Readonly<Record<string, string | number>>
type Published = {
  readonly variant: string
  readonly model: string
  readonly passed?: number
  readonly mean?: number
  readonly costUsd?: number
}

const table = (path: string): { readonly columns: readonly string[]; readonly rows: readonly Cells[] } => {
  const { columns, rows, rejects, problem } = parseDelimited(readFileSync(join(data, path), 'utf8'), 'csv')
  if (problem !== null || rejects.length > 0) throw new Error(`${path}: ${problem?.message ?? rejects[0]?.reason}`)
  const named = (cells: readonly string[]): Cells =>
    Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? '']))
  return { columns, rows: rows.map((row) => named(row.cells)) }
}
const csv = (path: string): readonly Cells[] => table(path).rows
const json = (path: string) => JSON.parse(readFileSync(join(data, path), 'utf8'))
const quoted = (value: string | number): string => `"${String(value).replaceAll('"', '""')}"`
const published: Record<string, Published[]> = {}

const write = (name: string, rows: readonly Row[], totals: readonly Published[]): void => {
  const columns = Object.keys(rows[0] ?? {})
  const lines = [columns.join(','), ...rows.map((row) => columns.map((column) => quoted(row[column] ?? '')).join(','))]
  writeFileSync(join(out, `${name}.csv`), `${lines.join('\n')}\n`)
  published[name] = [...totals]
}

const bigBenchHard = (): void => {
  const rows = csv('recorded-bbh/matrix.csv').flatMap((cell) =>
    ['direct', 'cot'].map((variant) => ({
      case: `${cell.task} ${cell.case}`,
      variant,
      model: cell.task ?? '',
      score: cell[`${variant}_correct`] ?? '',
    })),
  )
  const tasks = Object.entries<Record<string, { accuracy: number }>>(json('recorded-bbh/published_accuracy.json'))
  const held = new Set(rows.map((row) => row.model))
  const totals = tasks
    .filter(([task]) => held.has(task))
    .flatMap(([model, accuracies]) =>
      ['direct', 'cot'].map((variant) => ({
        variant,
        model,
        mean: (accuracies[`published_${variant}`]?.accuracy ?? 0) / 100,
      })),
    )
  write('bbh', rows, totals)
}

const gsm8k = (): void => {
  const rows = csv('recorded-gsm8k/matrix.csv').flatMap((cell) =>
    ['6b', '175b'].flatMap((model) =>
      ['finetuning', 'verification'].map((variant) => ({
        case: cell.case ?? '',
        variant,
        model,
        score: cell[`${model}_${variant}_correct`] ?? '',
      })),
    ),
  )
  write('gsm8k', rows, [])
}

const gepa = (): void => {
  const variants = ['baseline', 'default', 'confidence']
  const rows = csv('recorded-gepa-confidence/emotion.matrix.csv').flatMap((cell) =>
    variants.map((variant) => ({
      case: cell.case ?? '',
      variant,
      score: cell[`${variant}_correct`] === 'True' ? 1 : 0,
    })),
  )
  const summary = json('recorded-gepa-confidence/emotion.summary.json')
  write(
    'gepa',
    rows,
    variants.map((variant) => ({ variant, model: 'model', passed: summary[variant].correct })),
  )
}

const llmBar = (): void => {
  const rows = csv('recorded-llmbar/matrix.csv').map((cell) => ({
    case: `${cell.subset} ${cell.case}`,
    variant: cell.judge_prompt ?? '',
    model: `${cell.subset}, ${cell.model}`,
    // Both orders of the two answers: half a point each.
    score: (Number(cell.correct_original) + Number(cell.correct_swapped)) / 2,
  }))
  const held = new Set(rows.map((row) => `${row.variant}|${row.model}`))
  const totals = Object.entries<{ correct_average: string }>(json('recorded-llmbar/published_statistics.json'))
    .map(([key, figures]) => {
      const [subset, model, variant] = key.split('|')
      return {
        variant: variant ?? '',
        model: `${subset}, ${model}`,
        mean: Number.parseFloat(figures.correct_average) / 100,
      }
    })
    .filter((one) => held.has(`${one.variant}|${one.model}`))
  write('llmbar', rows, totals)
}

type TicketHead = {
  readonly label: string
  readonly metrics: { readonly cost: number; readonly testPassCount: number }
}

const tickets = (): void => {
  const { columns, rows: cases } = table('cookbook-promptfoo/classification/data/results.csv')
  const headers = columns.slice(2)
  const heads = headers.map((text): TicketHead => JSON.parse(text))
  const rows = cases.flatMap((cells, c) =>
    heads.map((head, h) => ({
      case: c + 1,
      // Three prompts in the order of the configuration, each at five temperatures: repetitions of one model.
      variant: `prompt ${Math.floor(h / 5) + 1}`,
      repetition: (h % 5) + 1,
      score: cells[headers[h] ?? '']?.startsWith('[PASS]') ? 1 : 0,
      // Only the total of a column is published.
      cost_usd: head.metrics.cost / cases.length,
    })),
  )
  const totals = [0, 1, 2].map((prompt) => {
    const own = heads.slice(5 * prompt, 5 * prompt + 5)
    return {
      variant: `prompt ${prompt + 1}`,
      model: 'model',
      passed: own.reduce((sum, head) => sum + head.metrics.testPassCount, 0),
      costUsd: own.reduce((sum, head) => sum + head.metrics.cost, 0) / (5 * cases.length),
    }
  })
  write('tickets', rows, totals)
}

mkdirSync(out, { recursive: true })
for (const make of [bigBenchHard, gsm8k, gepa, llmBar, tickets]) make()
writeFileSync(join(out, 'published.json'), `${JSON.stringify(published, null, 1)}\n`)
