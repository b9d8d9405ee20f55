import { modelsFolder } from '../../models/folder.ts'
import { resolveModelPath } from '../../models/resolve.ts'

/** A catalogue model that is on this machine, the smallest first; null, with the reason printed, where there is none. */
export const realModel = async (): Promise<string | null> => {
  for (const id of ['smollm2-135m-instruct', 'qwen2.5-coder-0.5b-instruct']) {
    const path = await resolveModelPath(id, modelsFolder()).catch(() => null)
    if (path !== null) return id
  }
  process.stderr.write('skipped: no catalogue model on this machine (promptlab models pull smollm2-135m-instruct)\n')
  return null
}
