import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Where models of the catalogue are kept: PROMPTLAB_MODELS, else the cache folder of the operating system. A cache: all
 * of it can be fetched again.
 */
export const modelsFolder = (environment: Readonly<Record<string, string | undefined>> = process.env): string => {
  const own = environment.PROMPTLAB_MODELS
  if (own !== undefined && own !== '') return own
  const cache = environment.XDG_CACHE_HOME
  return join(cache !== undefined && cache !== '' ? cache : join(homedir(), '.cache'), 'prompt-lab', 'models')
}
