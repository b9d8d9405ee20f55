import { z } from 'zod'

/** A token count of a server's: anything but a whole number from 0 up is unknown, never 0. */
export const tokenCount = z.int().nonnegative().nullable().catch(null)

/** Cached tokens are a part of the input; more than the whole is a wrong count. */
export const cachedWithin = (cached: number | null, input: number | null): number | null =>
  cached === null || (input !== null && cached > input) ? null : cached
