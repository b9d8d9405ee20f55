import type { FailureCode } from '../../../src-core/domain/execution.ts'
import { ProviderFailure } from '../../../src-core/ports/provider.ts'
import { redact } from './redact.ts'

/** What a server says of a failure, in the shapes of OpenAI, Anthropic, Ollama, llama.cpp, Azure and Google. */
type ServerError = { readonly text: string; readonly codes: readonly string[] }

/** Reads `{error: {message, code, type}}`, `{error: "..."}`, `[{error: ...}]`, `{message}`, `{detail}`, or plain text. */
export const readServerError = (body: string): ServerError => {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return { text: body.trimStart().startsWith('<') ? '' : body, codes: [] }
  }
  return describeError(Array.isArray(value) ? value[0] : value) ?? { text: '', codes: [] }
}

const describeError = (value: unknown): ServerError | null => {
  if (typeof value === 'string') return { text: value, codes: [] }
  if (typeof value !== 'object' || value === null) return null
  const { error, message, detail, code, type, status, innererror } = value as Record<string, unknown>
  if (error !== undefined && error !== null) {
    const inner = describeError(error)
    if (inner !== null) return inner
  }
  const codes = [code, type, status, (innererror as { code?: unknown } | null | undefined)?.code]
  const text =
    typeof message === 'string' ? message : typeof detail === 'string' ? detail : JSON.stringify(detail ?? '')
  return { text, codes: codes.filter((each) => typeof each === 'string') }
}

const contextCodes = new Set(['context_length_exceeded', 'exceed_context_size_error', 'string_above_max_length'])
const contextText =
  /context (?:length|window|size)|maximum context|prompt is too long|input (?:is )?too long|exceeds? the (?:available )?context|too many (?:input )?tokens|input length exceeds/i
const filterCodes = new Set(['content_filter', 'content_policy_violation', 'ResponsibleAIPolicyViolation'])
const filterText =
  /content (?:management|filter|filtering) policy|content[_ ]filter|flagged by .*(?:safety|moderation)|violat\w+ .*(?:usage|content) polic/i
const quotaCodes = new Set([
  'insufficient_quota',
  'billing_error',
  'billing_hard_limit_reached',
  'insufficient_balance',
])

const codeOf = (status: number, error: ServerError): FailureCode => {
  const has = (set: ReadonlySet<string>) => error.codes.some((code) => set.has(code))
  if (status === 429) return has(quotaCodes) ? 'refused' : 'rate-limited'
  if (status === 401 || status === 402 || status === 403) return has(filterCodes) ? 'content-filter' : 'refused'
  // llama.cpp and Ollama have answered 500 for a prompt that does not fit; sending it again changes nothing.
  if (has(contextCodes) || (status !== 404 && contextText.test(error.text))) return 'context-length'
  if (status >= 500) return 'server'
  if (has(filterCodes) || filterText.test(error.text)) return 'content-filter'
  if (status === 408) return 'timeout'
  // A lock or a conflict of the server's own; like a 5xx it may pass.
  if (status === 409) return 'server'
  return 'bad-request'
}

const beginning = (code: FailureCode, status: number, where: string): string => {
  switch (code) {
    case 'rate-limited':
      return `${where} asks to slow down (HTTP ${status})`
    case 'refused':
      return status === 429 || status === 402
        ? `${where} says that the quota or balance is used up (HTTP ${status})`
        : `${where} refused the key or its rights (HTTP ${status})`
    case 'context-length':
      return `The prompt does not fit the model's context, says ${where} (HTTP ${status})`
    case 'content-filter':
      return `${where} withheld the answer by its content policy (HTTP ${status})`
    case 'server':
      return `${where} failed (HTTP ${status})`
    default:
      return `${where} rejected the request (HTTP ${status})`
  }
}

export type StatusFailure = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  readonly where: string
  readonly key: string | null
}

/** The failure of an answer that is not 2xx. */
export const statusFailure = ({ status, headers, body, where, key }: StatusFailure): ProviderFailure => {
  const error = readServerError(body)
  const code = codeOf(status, error)
  const words = redact(error.text, key)
  return new ProviderFailure(code, `${beginning(code, status, where)}${words === '' ? '.' : `: ${words}`}`, {
    httpStatus: status,
    retryAfterMs: retryAfterMs(headers, Date.now()),
  })
}

/** An answer that moves elsewhere. Following it could carry the key and the prompt to another place. */
export const redirectFailure = ({ status, headers, where, key }: Omit<StatusFailure, 'body'>): ProviderFailure => {
  const target = first(headers['location'])
  const words = target === undefined ? '' : ` to ${redact(withoutQuery(target), key)}`
  return new ProviderFailure(
    'bad-request',
    `${where} redirects${words} (HTTP ${status}). Redirects are not followed, so that keys and prompts go nowhere else: set baseUrl to the final address if you trust it.`,
    { httpStatus: status },
  )
}

const withoutQuery = (target: string): string => target.replace(/[?#].*$/s, '')

const first = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value)

/** The failure that a server reports inside a stream it began with 200. */
export const streamedFailure = (error: unknown, where: string, key: string | null): ProviderFailure => {
  const read = describeError(error) ?? { text: '', codes: [] }
  const has = (pattern: RegExp) => read.codes.some((code) => pattern.test(code))
  const numeric = Number((error as { code?: unknown } | null)?.code)
  const status = has(/rate_limit/)
    ? 429
    : has(/overloaded|api_error|server_error|timeout/)
      ? 500
      : has(/authentication|permission/)
        ? 403
        : has(/invalid_request|not_found|exceed_context/)
          ? 400
          : numeric >= 400 && numeric < 600
            ? numeric
            : 500
  const code = codeOf(status, read)
  const words = redact(read.text, key)
  return new ProviderFailure(code, `${where} broke off its answer${words === '' ? '.' : `: ${words}`}`)
}

/**
 * How long the server asks to wait, in milliseconds from `nowMs`, in full (RFC 9110 10.2.3: seconds or an HTTP date;
 * `retry-after-ms` is OpenAI's finer form). Null where it says nothing that can be read.
 */
export const retryAfterMs = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
  nowMs: number,
): number | null => {
  const fine = first(headers['retry-after-ms'])?.trim()
  if (fine !== undefined && /^\d+(\.\d+)?$/.test(fine)) return Number(fine)
  const value = first(headers['retry-after'])?.trim()
  if (value === undefined || value === '') return null
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000
  // Only real dates: Date.parse would read "-5" or "1e3" as years.
  if (!/[A-Za-z]{3}/.test(value)) return null
  const date = Date.parse(value)
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs)
}
