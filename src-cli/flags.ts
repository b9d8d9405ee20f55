import { type Command, InvalidArgumentError, Option } from 'commander'
import type { GlobalFlags } from './output.ts'

/** Adds the flags that every command has. */
export const addGlobalFlags = (command: Command): Command =>
  command
    .option('--db <file>', 'the lab database (default: by the convention of the operating system)')
    .option('--json', 'one JSON object on standard output and nothing else')
    .option('--quiet', 'no progress and no notes')
    .option('--debug', 'stack traces and every attempt')
    .option('--no-color', 'no colours')
    .option('--env-file <file>', 'read environment variables (API keys) from this file')

type RawFlags = { db?: string; json?: boolean; quiet?: boolean; debug?: boolean; color?: boolean; envFile?: string }

/** Also right when parsing failed before the flags were read: then they are taken from the words themselves. */
export const globalFlags = (command: Command, words: readonly string[] = []): GlobalFlags => {
  const raw = command.optsWithGlobals<RawFlags>()
  const has = (flag: string) => words.includes(flag)
  const coloured = raw.color !== false && !has('--no-color') && process.env.NO_COLOR === undefined
  return {
    ...(raw.db === undefined ? {} : { db: raw.db }),
    ...(raw.envFile === undefined ? {} : { envFile: raw.envFile }),
    json: raw.json === true || has('--json'),
    quiet: raw.quiet === true || has('--quiet'),
    debug: raw.debug === true || has('--debug'),
    color: coloured && process.stdout.isTTY === true,
  }
}

export type RunFlags = {
  readonly seed?: number
  readonly concurrency?: number
  readonly limit?: number
  readonly variants?: readonly string[]
  readonly models?: readonly string[]
  readonly cases?: readonly string[]
  readonly budgetCalls?: number
  readonly budgetTokens?: number
  readonly budgetUsd?: number
  readonly budgetMinutes?: number
  readonly cache?: boolean
  readonly yes?: boolean
}

const wholeNumber =
  (least: number) =>
  (text: string): number => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < least)
      throw new InvalidArgumentError(`expected a whole number from ${least}.`)
    return value
  }

const positiveNumber = (text: string): number => {
  const value = Number(text)
  if (!(value > 0)) throw new InvalidArgumentError('expected a number above 0.')
  return value
}

const probability = (text: string): number => {
  const value = Number(text)
  if (!(value > 0 && value < 0.5)) throw new InvalidArgumentError('expected a number between 0 and 0.5.')
  return value
}

const list = (text: string): string[] => {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
  if (items.length === 0) throw new InvalidArgumentError('expected names, separated by commas.')
  return items
}

/** The flags of every command that runs cells; a flag beats the lab file. */
export const addRunFlags = (command: Command): Command =>
  command
    .option('--seed <n>', 'seed of the order and of samples', wholeNumber(0))
    .option('--concurrency <n>', 'calls at once over all models', wholeNumber(1))
    .option('--limit <n>', 'only the first n cases', wholeNumber(1))
    .option('--variants <a,b>', 'only these prompts', list)
    .option('--models <a,b>', 'only these models', list)
    .option('--cases <id,id>', 'only these cases', list)
    .option('--budget-calls <n>', 'at most so many requests', wholeNumber(1))
    .option('--budget-tokens <n>', 'at most so many tokens', wholeNumber(1))
    .option('--budget-usd <n>', 'at most so many US dollars', positiveNumber)
    .option('--budget-minutes <n>', 'at most so many minutes', positiveNumber)
    .option('--no-cache', 'ask every question anew')
    .option('--yes', 'do not ask before spending')

/** Overrides of the `analysis` section. */
export const addAnalysisFlags = (command: Command): Command =>
  command
    .option('--baseline <name>', 'the variant to compare against')
    .option('--alpha <p>', 'error rate, between 0 and 0.5', probability)
    .option('--margin <x>', 'largest difference that does not matter, in units of the primary metric', positiveNumber)
    .addOption(new Option('--family <which>', 'which pairs to compare').choices(['baseline', 'all-pairs']))

export type AnalysisFlags = {
  readonly baseline?: string
  readonly alpha?: number
  readonly margin?: number
  readonly family?: 'baseline' | 'all-pairs'
}

/** The analysis flags alone, of options that hold others too. */
export const analysisFlags = ({ baseline, alpha, margin, family }: AnalysisFlags): AnalysisFlags => ({
  ...(baseline === undefined ? {} : { baseline }),
  ...(alpha === undefined ? {} : { alpha }),
  ...(margin === undefined ? {} : { margin }),
  ...(family === undefined ? {} : { family }),
})
