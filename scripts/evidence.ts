/**
 * `node scripts/evidence.ts TASKS [--out DIR] [--limit N] [--threads N] [--tasks a,b] [--routes in-process,openai,anthropic,ollama]`
 *
 * Is what a report says true? Runs `promptlab run` on task files with a real model, by four routes to the same weights,
 * then has scripts/recompute.py (another language, no shared code) work out every figure again from executions.jsonl.
 * TASKS is a folder of JSON lines files { id, input, expected, fold } with INDEX.json. Servers come from the environment:
 * PROMPTLAB_LLAMA_SERVER, PROMPTLAB_OLLAMA (binaries), PROMPTLAB_MODELS (folder of the model file). A route whose server
 * is not there is named and counts as failed. Ends with `N passed, N failed`.
 */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { stringify } from 'yaml'
import { modelsFolder } from '../src-main/models/folder.ts'
import { type RealServer, startLlamaServer, startOllama } from './evidence-servers.ts'
import { runStep } from './steps.ts'

const modelId = 'qwen2.5-coder-0.5b-instruct'
const modelFile = join(modelsFolder(), `${modelId}-q4_k_m.gguf`)
const labels = (names: string) => `Answer with exactly one of: ${names}. Nothing else.`
const word = 'Answer with the word and nothing else.'

/** What each task is asked plainly, and the sentence that makes it strict. Short answers, so that a run takes a minute. */
const tasks: Readonly<Record<string, { readonly plain: string; readonly strict: string; readonly fields?: true }>> = {
  mr_sentiment: { plain: 'Classify the comment as positive or negative.', strict: labels('positive, negative') },
  snips_intent3: {
    plain: 'Classify the request as GetWeather, PlayMusic or RateBook.',
    strict: labels('GetWeather, PlayMusic, RateBook'),
  },
  sms_spam: { plain: 'Is this text message spam or ham (not spam)?', strict: labels('spam, ham') },
  ii_singular_to_plural: { plain: 'Write the plural of the word.', strict: word },
  ii_larger_animal: { plain: 'Which of the two animals is larger?', strict: word },
  ii_antonyms: { plain: 'Write the opposite of the word.', strict: word },
  bbh_hyperbaton: { plain: 'Choose the right option.', strict: labels('(A), (B)') },
  snips_slots_PlayMusic: {
    plain:
      'Extract what to play as JSON with the keys artist, album, track, playlist, genre, music_item, service, sort, year.',
    strict: 'Leave out keys that are not mentioned. Answer with one JSON object and nothing else.',
    fields: true,
  },
}

type Case = {
  readonly id: string
  readonly input: string
  readonly expected: readonly unknown[]
  readonly fold: string
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    limit: { type: 'string', default: '20' },
    /** Of the servers; 1 where the machine is busy, because its threads wait for one another. */
    threads: { type: 'string', default: '2' },
    tasks: { type: 'string', default: Object.keys(tasks).join(',') },
    routes: { type: 'string', default: 'in-process,openai,anthropic,ollama' },
  },
})
const [folder] = positionals
if (folder === undefined) {
  console.error('name the folder of task files: node scripts/evidence.ts TASKS')
  process.exit(1)
}
const out = resolve(values.out ?? mkdtempSync(join(tmpdir(), 'evidence-')))

/** The same declared price everywhere, so that money is computed and checked too; the weights are the same as well. */
const shared = { temperature: 0, seed: 1, price: { inputPerMillion: 0.05, outputPerMillion: 0.2 } }

type Route = { readonly start: () => Promise<RealServer | null>; readonly model: (url: string) => object }

const needed = (name: string): string => {
  const value = process.env[name]
  if (value === undefined || value === '') throw new Error(`${name} does not name a binary`)
  return value
}
const llamaServer = () => startLlamaServer(needed('PROMPTLAB_LLAMA_SERVER'), modelFile, Number(values.threads))

const routes: Readonly<Record<string, Route>> = {
  'in-process': { start: async () => null, model: () => ({ provider: 'llamacpp', model: modelId }) },
  openai: {
    start: llamaServer,
    model: (url) => ({ provider: 'openai', baseUrl: `${url}/v1`, model: modelId, concurrency: 2 }),
  },
  anthropic: {
    start: llamaServer,
    // The Messages protocol has no seed.
    model: (url) => ({ provider: 'anthropic', baseUrl: url, model: modelId, concurrency: 2, seed: undefined }),
  },
  ollama: {
    start: () => startOllama(needed('PROMPTLAB_OLLAMA'), modelFile, 'qwen-evidence'),
    model: (url) => ({
      provider: 'ollama',
      baseUrl: url,
      model: 'qwen-evidence',
      options: { modelOptions: { num_thread: Number(values.threads) } },
    }),
  },
}

const answerText = (expected: unknown): string => (typeof expected === 'string' ? expected : JSON.stringify(expected))

/** Braces in a demonstration are text, but `{name}` would be a variable: doubled, they stay what they are. */
const asText = (text: string): string => text.replace(/\{([A-Za-z_]\w*)\}/g, '{{$1}}')

const labOf = (task: string, model: object): object => {
  const file = resolve(folder, `${task}.jsonl`)
  const rows = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Case)
  const facts = tasks[task]
  if (facts === undefined) throw new Error(`no instruction is written for the task ${task}`)
  const { plain, strict, fields } = facts
  const train = rows.filter((row) => row.fold === 'train')
  // Every other answer, so that four demonstrations do not all show one label.
  const seen = new Map<string, number>()
  const demos = train
    .map((row) => {
      const answer = answerText(row.expected[0])
      seen.set(answer, (seen.get(answer) ?? 0) + 1)
      return { row, turn: seen.get(answer) ?? 1 }
    })
    .toSorted((a, b) => a.turn - b.turn)
    .slice(0, 4)
    .map(({ row }) => row)
  const ask = { role: 'user', content: '{input}' }
  const demonstrated = demos.flatMap(({ input, expected }) => [
    { role: 'user', content: asText(input) },
    { role: 'assistant', content: asText(answerText(expected[0])) },
  ])
  const system = { role: 'system', content: `${plain} ${strict}` }
  return {
    name: `evidence-${task}`,
    seed: 7,
    prompts: [
      { name: 'plain', text: `${plain}\n\n{input}` },
      { name: 'strict', messages: [system, ask] },
      { name: 'demos', messages: [system, ...demonstrated, ask] },
    ],
    cases: { file, where: { fold: 'test' }, limit: Number(values.limit) },
    models: [{ id: 'qwen-0.5b', ...shared, maxTokens: fields === true ? 64 : 12, ...model }],
    evaluators: [
      fields === true
        ? { type: 'json-fields', ignoreCase: true, allowCodeFence: true }
        : { type: 'equals', ignoreCase: true, trim: true, ignorePunctuation: true, firstLine: true },
    ],
    baseline: 'plain',
    cache: 'off',
  }
}

const main = join(import.meta.dirname, '..', 'src-cli', 'main.ts')
let passed = 0
let failed = 0
const tell = (ok: boolean, text: string) => {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${text}`)
  if (ok) passed++
  else failed++
}

type Row = { readonly variant: string; readonly mean: number; readonly n: number }

/** The folder of the run, or null where it did not succeed. */
const runTask = async (route: string, task: string, model: object): Promise<string | null> => {
  const place = join(out, route, task)
  mkdirSync(place, { recursive: true })
  const lab = join(place, 'lab.yaml')
  writeFileSync(lab, stringify(labOf(task, model)))
  const step = await runStep({
    name: task,
    command: ['node', main, 'run', lab, '--db', join(out, `${route}.db`), '--out', place, '--quiet', '--yes'],
  })
  if (!step.ok) {
    tell(false, `${route} ${task}: ${step.output.trim().slice(-600)}`)
    return null
  }
  const { rows } = JSON.parse(readFileSync(join(place, 'report.json'), 'utf8')) as { rows: Row[] }
  const means = rows.map((row) => `${row.variant} ${row.mean.toFixed(3)}`).join(', ')
  tell(true, `${route} ${task}: n ${rows[0]?.n}, quality ${means} (${step.seconds.toFixed(0)} s)`)
  return place
}

const runRoute = async (name: string, chosen: readonly string[]): Promise<void> => {
  const route = routes[name]
  if (route === undefined) return tell(false, `there is no route ${name}`)
  const places: string[] = []
  let server: RealServer | null = null
  try {
    server = await route.start()
  } catch (error) {
    return tell(false, `${name}: ${(error as Error).message}`)
  }
  const stop = () => {
    void server?.stop().finally(() => process.exit(130))
  }
  process.once('SIGINT', stop).once('SIGTERM', stop)
  console.log(`\n${name}: ${server?.version ?? 'llama.cpp in a process of the program'}`)
  try {
    for (const task of chosen) places.push((await runTask(name, task, route.model(server?.url ?? ''))) ?? '')
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
    await server?.stop()
  }
  const check = await runStep({
    name: 'recompute',
    command: ['python3', join(import.meta.dirname, 'recompute.py'), ...places.filter((place) => place !== '')],
  })
  console.log(check.output.trimEnd())
  const counted = /^(\d+) passed, (\d+) failed$/m.exec(check.output)
  if (counted === null) return tell(false, `${name}: the recomputation did not end`)
  passed += Number(counted[1])
  failed += Number(counted[2])
}

console.log(`Real model: ${modelId}. Results: ${out}`)
for (const route of values.routes.split(',')) await runRoute(route, values.tasks.split(','))
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
