import { ProviderFailure } from '../../../src-core/ports/provider.ts'

const notThere = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'])

const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code
  if (typeof code === 'string') return code
  // Node tries every address of a name and reports their failures together.
  const inner = (error as { errors?: unknown } | null)?.errors
  return Array.isArray(inner) && inner.length > 0 ? codeOf(inner[0]) : ''
}

/** True where no server answered at all at that address, so that trying another cell is pointless. */
export const isUnreachable = (failure: unknown): boolean =>
  failure instanceof ProviderFailure && failure.code === 'network' && notThere.has(codeOf(failure.cause))

export type NetworkContext = {
  readonly where: string
  /** A successful answer had begun: what was cut is an answer. */
  readonly answering: boolean
  readonly status: number
  readonly loopback: boolean
}

/** The failure of a connection, from undici's, Node's and OpenSSL's error codes. */
export const networkFailure = (
  error: Error,
  { where, answering, status, loopback }: NetworkContext,
): ProviderFailure => {
  const code = codeOf(error)
  const failure = (kind: 'network' | 'timeout' | 'cut-stream' | 'bad-response' | 'bad-request', message: string) =>
    new ProviderFailure(kind, message, { cause: error, httpStatus: status === 0 ? null : status })

  if (code === 'FORBIDDEN_ADDRESS') return failure('bad-request', `${error.message}.`)
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT')
    return failure('timeout', `No connection to ${where} in time.`)
  if (code === 'ECONNREFUSED')
    return failure('network', `Nothing answers at ${where}${loopback ? '; is the server running?' : '.'}`)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return failure('network', `The name ${where} is not known to this network.`)
  if (notThere.has(code)) return failure('network', `${where} cannot be reached from here (${code}).`)
  if (code.startsWith('HPE_') && code !== 'HPE_INVALID_EOF_STATE')
    return failure('bad-response', `${where} does not speak HTTP here (${code}).`)
  if (answering) return failure('cut-stream', `${where} cut the connection in the middle of its answer.`)
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return failure('bad-response', `${where} sent headers beyond all measure.`)
  if (code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || /CERT|SELF_SIGNED|UNABLE_TO_/.test(code))
    return failure('network', `No secure connection to ${where} (${code}).`)
  return failure(
    'network',
    `The connection to ${where} broke before an answer came${code === '' ? '.' : ` (${code}).`}`,
  )
}
