/** Numbers as the app writes them. Unknown (null) is the word `unknown` or a dash, never 0. */
const dash = '–'

const group = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
export const formatCount = (value: number | null): string => (value === null ? dash : group.format(value))

/** A share in [0, 1] as a percentage with one decimal. */
export const formatShare = (value: number | null, decimals = 1): string =>
  value === null ? dash : `${(value * 100).toFixed(decimals)} %`

export const formatDecimal = (value: number | null, decimals = 3): string =>
  value === null ? dash : value.toFixed(decimals)

/** Money with enough digits to be told from 0. */
export const formatUsd = (value: number | null): string => {
  if (value === null) return 'unknown'
  if (value === 0) return '$0.00'
  if (Math.abs(value) >= 0.995) return `$${value.toFixed(2)}`
  const digits = Math.min(8, Math.max(2, 1 - Math.floor(Math.log10(Math.abs(value)))))
  return `$${value.toFixed(digits)}`
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const
/** Decimal units, as file managers show them. */
export const formatBytes = (bytes: number | null): string => {
  if (bytes === null) return dash
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 || value >= 99.5 ? value.toFixed(0) : value.toFixed(1)} ${byteUnits[unit] ?? 'B'}`
}

/** Milliseconds as a person reads a duration: 850 ms, 4.2 s, 3 min 20 s, 2 h 5 min. */
export const formatDuration = (ms: number | null): string => {
  if (ms === null) return dash
  if (ms < 1000) return `${Math.round(ms)} ms`
  const seconds = ms / 1000
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`
  const hours = Math.floor(minutes / 60)
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const steps = [
  ['minute', 60],
  ['hour', 60],
  ['day', 24],
  ['week', 7],
] as const
/** How long ago `at` (ISO 8601) was at `now` (ms since the epoch). */
export const formatAgo = (at: string, now: number): string => {
  let amount = (Date.parse(at) - now) / 1000
  if (Math.abs(amount) < 45) return 'just now'
  let unit: Intl.RelativeTimeFormatUnit = 'second'
  for (const [next, size] of steps) {
    if (Math.abs(amount) < size) break
    amount /= size
    unit = next
  }
  return unit === 'week' && Math.abs(amount) > 8 ? formatDate(at) : relative.format(Math.round(amount), unit)
}

const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
const dateTime = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})
export const formatDate = (at: string): string => date.format(new Date(at))
export const formatDateTime = (at: string): string => dateTime.format(new Date(at))

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`
