// `node --import` this: `prompt-lab` then means the sources of this checkout, as the package's exports mean its build.
import { registerHooks } from 'node:module'

const sources = {
  'prompt-lab': new URL('../library.ts', import.meta.url).href,
  'prompt-lab/stats': new URL('../../src-core/stats/index.ts', import.meta.url).href,
}

registerHooks({
  resolve: (specifier, context, next) =>
    specifier in sources ? { url: sources[specifier], shortCircuit: true } : next(specifier, context),
})
