/**
 * `npm run test:providers`: the live part of the provider contract against real servers with a real model.
 *
 * Finds or starts: llama.cpp's server (PROMPTLAB_LLAMA_SERVER, or `llama-server` on the PATH), Ollama (one that runs at
 * its usual place, else PROMPTLAB_OLLAMA or `ollama` on the PATH, started beside it with a folder of its own), and
 * llama.cpp in process. Model files: PROMPTLAB_MODELS, else the cache folder. What it cannot start it names; it ends what
 * it started; its last line is `N passed, N failed, N skipped`. With names (`-- ollama http`) it tries those alone.
 */
import { existsSync, statSync } from 'node:fs'
import { basename, delimiter, join } from 'node:path'
import { defaultTimeouts, type ModelReference } from '../src-core/domain/model.ts'
import type { Provider } from '../src-core/ports/provider.ts'
import { forkIsolatedProcess } from '../src-main/isolated-process/fork.ts'
import { modelsFolder } from '../src-main/models/folder.ts'
import { ggufFiles } from '../src-main/models/gguf-files.ts'
import { liveChecks } from '../src-main/providers/live.contract.ts'
import { createProviders } from '../src-main/providers/registry.ts'
import { type RealServer, startLlamaServer, startOllama } from './evidence-servers.ts'

const servedName = 'prompt-lab-test'
/** One: two threads that wait for each other on a busy machine are slower than one that does not wait. */
const threads = 1
const usualOllama = 'http://127.0.0.1:11434'

const wanted = process.argv.slice(2)
const isWanted = (...providers: readonly string[]): boolean =>
  wanted.length === 0 || providers.some((each) => wanted.includes(each))

let interrupted = false
let passed = 0
let failed = 0
let skipped = 0
const skip = (what: string, why: string): void => {
  skipped++
  console.log(`skip ${what}: ${why}`)
}

const program = (variable: string, name: string): string | null => {
  const named = process.env[variable]
  if (named !== undefined && named !== '') return existsSync(named) ? named : null
  const places = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name))
  return places.find((place) => existsSync(place) && statSync(place).isFile()) ?? null
}

/** The smallest: any tokens will do here. */
const smallestModel = async (): Promise<string | null> => {
  const files = await ggufFiles(modelsFolder())
  return files.toSorted((a, b) => a.bytes - b.bytes)[0]?.path ?? null
}

const reference = (provider: string, model: string, change: Partial<ModelReference> = {}): ModelReference => ({
  id: `${provider}-under-test`,
  provider,
  model,
  parameters: { temperature: 0, topP: null, seed: 1, maxTokens: 16, stop: [], responseFormat: null },
  baseUrl: null,
  apiKeyEnv: null,
  headers: {},
  price: null,
  fallback: [],
  experiment: true,
  concurrency: null,
  deterministic: false,
  exclusive: false,
  timeouts: defaultTimeouts,
  options: {},
  ...change,
})

const registry = createProviders({
  secrets: (name) => process.env[name],
  startIsolatedProcess: forkIsolatedProcess,
  modelsFolder: modelsFolder(),
})

const tryAll = async (title: string, provider: Provider, model: ModelReference): Promise<void> => {
  if (!isWanted(provider.id)) return
  for (const check of liveChecks) {
    if (interrupted) return
    const startedAt = performance.now()
    try {
      const untried = await check.run(provider, model)
      if (untried === null) {
        passed++
        console.log(`pass ${title}: ${check.name} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`)
      } else skip(`${title}: ${check.name}`, untried)
    } catch (error) {
      if (interrupted) return
      failed++
      console.log(`FAIL ${title}: ${check.name}\n     ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  await provider.release?.(model)
}

/** Starts one server, tries every protocol it speaks, ends it. A server that is here but does not start is a failure. */
const withServer = async (
  what: string,
  start: () => Promise<RealServer>,
  use: (server: RealServer) => Promise<void>,
): Promise<void> => {
  let server: RealServer
  try {
    server = await start()
  } catch (error) {
    failed++
    console.log(`FAIL ${what}: ${error instanceof Error ? error.message : String(error)}`)
    return
  }
  running = server
  console.log(`${server.version} at ${server.url}`)
  try {
    await use(server)
  } finally {
    running = null
    await server.stop()
  }
}

let running: RealServer | null = null
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interrupted = true
    console.log(`${signal}: ending what was started`)
    void Promise.allSettled([running?.stop(), registry.dispose()]).then(() => process.exit(130))
  })
}

/** A model of the Ollama that already runs; it is another program's, so nothing is added to it. */
const modelOfRunningOllama = async (): Promise<string | null | 'no server'> => {
  const provider = await registry.get('ollama')
  const models = await provider.available?.({ signal: AbortSignal.timeout(3000) }).catch(() => null)
  if (models === null || models === undefined) return 'no server'
  return models.toSorted((a, b) => (a.bytes ?? 0) - (b.bytes ?? 0))[0]?.model ?? null
}

const modelFile = await smallestModel()
const noModel = `no .gguf file in ${modelsFolder()}; get one with \`promptlab models pull\`, or set PROMPTLAB_MODELS`
if (modelFile !== null) console.log(`model file: ${basename(modelFile)}`)

const llamaServer = program('PROMPTLAB_LLAMA_SERVER', 'llama-server')
if (!isWanted('openai', 'anthropic', 'http')) console.log('llama.cpp server: not asked for')
else if (modelFile === null) skip('openai and anthropic on llama.cpp server', noModel)
else if (llamaServer === null)
  skip('openai and anthropic on llama.cpp server', 'no llama-server on the PATH, nor named by PROMPTLAB_LLAMA_SERVER')
else {
  await withServer(
    'llama.cpp server',
    () => startLlamaServer(llamaServer, modelFile, threads),
    async ({ url }) => {
      await tryAll('openai', await registry.get('openai'), reference('openai', 'any', { baseUrl: `${url}/v1` }))
      const whole = reference('openai', 'any', { baseUrl: `${url}/v1`, options: { stream: false } })
      await tryAll('openai, not streamed', await registry.get('openai'), whole)
      await tryAll('anthropic', await registry.get('anthropic'), reference('anthropic', 'any', { baseUrl: url }))
      const template = {
        url: `${url}/v1/chat/completions`,
        body: { model: '{model}', messages: '{messages}', max_tokens: '{maxTokens}', temperature: '{temperature}' },
        outputPath: 'choices[0].message.content',
        finishReasonPath: 'choices[0].finish_reason',
        inputTokensPath: 'usage.prompt_tokens',
        outputTokensPath: 'usage.completion_tokens',
      }
      await tryAll('http', await registry.get('http'), reference('http', 'any', { options: template }))
    },
  )
}

const found = isWanted('ollama') ? await modelOfRunningOllama() : null
const ollama = program('PROMPTLAB_OLLAMA', 'ollama')
if (!isWanted('ollama')) console.log('ollama: not asked for')
else if (found !== 'no server' && found !== null) {
  console.log(`Ollama that already runs at ${usualOllama}, model ${found}`)
  await tryAll('ollama', await registry.get('ollama'), reference('ollama', found))
} else if (ollama === null)
  skip('ollama', `nothing with a model answers at ${usualOllama}, no ollama on the PATH, nor named by PROMPTLAB_OLLAMA`)
else if (modelFile === null) skip('ollama', noModel)
else {
  await withServer(
    'Ollama',
    () => startOllama(ollama, modelFile, servedName),
    async ({ url }) =>
      tryAll(
        'ollama',
        await registry.get('ollama'),
        reference('ollama', servedName, { baseUrl: url, options: { modelOptions: { num_thread: threads } } }),
      ),
  )
}

if (!isWanted('llamacpp')) console.log('llamacpp: not asked for')
else if (modelFile === null) skip('llamacpp', noModel)
else
  await tryAll('llamacpp', await registry.get('llamacpp'), reference('llamacpp', modelFile, { options: { threads } }))

await registry.dispose()
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exitCode = failed === 0 ? 0 : 1
