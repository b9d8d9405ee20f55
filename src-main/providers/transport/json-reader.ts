import { ProviderFailure } from '../../../src-core/ports/provider.ts'
import type { BodyReader } from './exchange.ts'

/** A body that comes as a whole. `onText` gets its text when it is complete; it may throw ProviderFailure. */
export const createTextReader = (onText: (text: string) => void): BodyReader => {
  const chunks: Buffer[] = []
  return {
    hasToken: null,
    finished: false,
    read: (chunk) => {
      chunks.push(chunk)
    },
    end: () => onText(Buffer.concat(chunks).toString('utf8')),
  }
}

/** Parses text that must be JSON. Throws ProviderFailure 'bad-response'. */
export const parseJson = (text: string, where: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ProviderFailure('bad-response', `${where} sent something that is not JSON.`, { cause })
  }
}
