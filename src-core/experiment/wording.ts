import type { Metric } from '../domain/objective.ts'
import type { Combination } from '../domain/report.ts'
import type { CostUnit } from './pairs.ts'

/** Numbers as people read them. One place, so that sentences, tables and charts never round differently. */

const trimZeros = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)

/** 0.934: three decimals for scores and shares. */
export const score = (value: number): string => {
  const text = value.toFixed(3)
  return text === '-0.000' ? '0.000' : text
}

/** +0.221 or -0.030, with a true minus sign kept out: reports must survive plain ASCII logs. */
export const signed = (value: number): string => {
  const text = score(value)
  return value >= 0 && !text.startsWith('-') ? `+${text}` : text
}

/** $0.00123: three significant digits, never an exponent. */
export const dollars = (value: number): string => {
  if (value === 0) return '$0'
  const magnitude = Math.abs(value)
  if (magnitude >= 1) return `${value < 0 ? '-' : ''}$${magnitude.toFixed(2)}`
  const digits = Math.min(20, 1 - Math.floor(Math.log10(magnitude)) + 1)
  return `${value < 0 ? '-' : ''}$${magnitude.toFixed(digits)}`
}

/** $0.005 rather than $0.00500: in a sentence nothing has to line up. */
const dollarsInText = (value: number): string => (Math.abs(value) < 1 ? trimZeros(dollars(value)) : dollars(value))

/** 812 ms, 2.31 s, 95 s. */
export const duration = (ms: number): string => {
  const magnitude = Math.abs(ms)
  if (magnitude < 10) return `${trimZeros(ms.toFixed(1))} ms`
  if (magnitude < 1000) return `${ms.toFixed(0)} ms`
  return magnitude < 10_000 ? `${(ms / 1000).toFixed(2)} s` : `${(ms / 1000).toFixed(1)} s`
}

export const count = (value: number): string =>
  Number.isInteger(value) ? String(value) : trimZeros(value.toFixed(Math.abs(value) < 100 ? 1 : 0))

/** 1.27: a ratio with three significant digits. */
export const times = (value: number): string =>
  // Next to 1 the digits that differ from it are the message.
  value !== 1 && Math.abs(value - 1) < 0.005 ? value.toFixed(Math.abs(value - 1) < 0.0005 ? 5 : 3) : ratioDigits(value)

/** "1.63 times as long". */
export const timesAs = (metric: Metric, ratio: number): string => {
  const amount = metric === 'latency' ? 'long' : metric === 'cost' ? 'much' : 'many'
  return `${times(ratio)} times as ${amount}`
}

const ratioDigits = (value: number): string =>
  value >= 100
    ? value.toFixed(0)
    : value >= 10
      ? value.toFixed(1)
      : value >= 0.1
        ? value.toFixed(2)
        : value.toPrecision(2)

export const percent = (share: number): string => {
  const value = 100 * share
  return `${value === 0 || value >= 10 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1)} %`
}

/** 95 % or 98.3 %. */
export const level = (value: number): string => `${trimZeros((100 * value).toFixed(value > 0.999 ? 3 : 1))} %`

/** p = 0.0021; very small ones as a bound, because their digits mean nothing. */
export const pValue = (p: number, name = 'p'): string => {
  if (p < 1e-16) return `${name} < 1e-16`
  if (p < 0.0001) return `${name} = ${p.toExponential(1).replace('e-0', 'e-')}`
  return `${name} = ${p > 0.9995 ? '1' : p.toFixed(p < 0.1 ? 4 : 3)}`
}

/** A value of a metric in its own unit. */
export const inUnit = (metric: Metric, value: number, unit: CostUnit | null = 'usd'): string => {
  switch (metric) {
    case 'quality':
      return score(value)
    case 'passRate':
      return score(value)
    case 'cost':
      return unit === 'tokens' ? `${count(value)} tokens` : dollarsInText(value)
    case 'latency':
      return duration(value)
    case 'inputTokens':
    case 'outputTokens':
    case 'promptTokens':
      return `${count(value)} tokens`
  }
}

const labels: Readonly<Record<Metric, string>> = {
  quality: 'quality',
  passRate: 'pass rate',
  cost: 'cost',
  latency: 'latency',
  inputTokens: 'input tokens',
  outputTokens: 'output tokens',
  promptTokens: 'prompt tokens',
}
export const metricLabel = (metric: Metric): string => labels[metric]

/** "guided on qwen-0.5b"; the model is left out where there is only one. */
export const combination = ({ variant, model }: Combination, onlyModel: boolean): string =>
  onlyModel ? variant : `${variant} on ${model}`

export const plural = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`

/** "a", "a and b", "a, b and c". */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
