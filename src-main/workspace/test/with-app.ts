import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouter } from '../../api/router.ts'
import { createCallerFactory } from '../../api/trpc.ts'
import { type OpenAppOptions, openApp } from '../open-app.ts'

/** A whole app over a real database in a folder of its own, asked as a window asks it. */
export const withApp = async <T>(
  work: (context: Awaited<ReturnType<typeof open>>) => Promise<T>,
  options: Partial<OpenAppOptions> = {},
): Promise<T> => {
  const context = await open(options)
  try {
    return await work(context)
  } finally {
    await context.app.close()
    rmSync(context.folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

const open = async (options: Partial<OpenAppOptions>) => {
  const folder = mkdtempSync(join(tmpdir(), 'prompt-lab-app-'))
  const app = await openApp({ door: 'browser', db: join(folder, 'lab.db'), ...options })
  return { app, folder, api: createCallerFactory(createRouter(app))({}) }
}

/** A project that runs on the simulated world: two prompts, n cases. */
export const simulatedLab = (cases: number, more = ''): string => `name: trial
seed: 3
prompts:
  - { name: plain, text: "Spam or ham? {message}" }
  - { name: strict, text: "Answer with one word, spam or ham: {message}" }
cases:
${Array.from({ length: cases }, (_, n) => `  - { id: c${n}, message: "message ${n}", expected: ${n % 2 === 0 ? 'spam' : 'ham'}, tags: [t${n % 3}] }`).join('\n')}
models: [simulated/world]
evaluators: [{ type: equals, ignoreCase: true, trim: true }]
baseline: plain
cache: off
${more}`
