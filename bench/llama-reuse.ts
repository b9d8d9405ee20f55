import { readFileSync } from 'node:fs'
import type { ModelResponse } from '../src-core/domain/execution.ts'
import { defaultTimeouts, type ModelReference } from '../src-core/domain/model.ts'
import type { Message } from '../src-core/domain/prompt.ts'
import { forkIsolatedProcess } from '../src-main/isolated-process/fork.ts'
import { createLlamaProvider } from '../src-main/llama/llama-provider.ts'
import { modelsFolder } from '../src-main/models/folder.ts'
import { resolveModelPath } from '../src-main/models/resolve.ts'
import { resourcePath } from '../src-main/package-root.ts'
import { print } from './figure.ts'

/**
 * What keeping each variant's beginning in the KV cache is worth: two variants with eight demonstrations, 100 cases,
 * interleaved as the engine deals them (both variants of a case, in changing order). Against the same cells through one
 * sequence without reuse (`deterministic: true`).
 */
const modelId = 'qwen2.5-coder-0.5b-instruct'

const demonstrations: readonly (readonly [string, string])[] = [
  ['song', 'songs'],
  ['city', 'cities'],
  ['wife', 'wives'],
  ['aircraft', 'aircraft'],
  ['box', 'boxes'],
  ['child', 'children'],
  ['hero', 'heroes'],
  ['analysis', 'analyses'],
]

const variants: Readonly<Record<string, (word: string) => readonly Message[]>> = {
  turns: (word) => [
    { role: 'system', content: 'Answer with the plural of the word and nothing else.' },
    ...demonstrations.flatMap(([one, many]): Message[] => [
      { role: 'user', content: one },
      { role: 'assistant', content: many },
    ]),
    { role: 'user', content: word },
  ],
  list: (word) => [
    { role: 'system', content: 'You turn English nouns into their plural. Answer with one word.' },
    {
      role: 'user',
      content: `${demonstrations.map(([one, many]) => `Word: ${one}\nPlural: ${many}`).join('\n')}\nWord: ${word}\nPlural:`,
    },
  ],
}

const words = readFileSync(resourcePath('samples', 'plurals', 'cases.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .slice(0, 100)
  .map((line) => (JSON.parse(line) as { word: string }).word)

const names = Object.keys(variants)
const cells = words.flatMap((word, i) =>
  (i % 2 === 0 ? names : [...names].reverse()).map((variant) => ({ word, variant })),
)

const reference = (deterministic: boolean): ModelReference => ({
  id: modelId,
  provider: 'llamacpp',
  model: modelId,
  parameters: { temperature: 0, topP: null, seed: null, maxTokens: 16, stop: [], responseFormat: null },
  baseUrl: null,
  apiKeyEnv: null,
  headers: {},
  price: null,
  fallback: [],
  experiment: true,
  concurrency: null,
  deterministic,
  exclusive: false,
  timeouts: defaultTimeouts,
  options: {},
})

try {
  await resolveModelPath(modelId, modelsFolder())
} catch (error) {
  process.stderr.write(`llama-reuse: skipped. ${(error as Error).message}\n`)
  process.exit(0)
}

const provider = createLlamaProvider({ startIsolatedProcess: forkIsolatedProcess, modelsFolder: modelsFolder() })
const { signal } = new AbortController()

const answerAll = async (work: typeof cells, deterministic: boolean, concurrency: number): Promise<ModelResponse[]> => {
  const model = reference(deterministic)
  const answers: ModelResponse[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < work.length) {
      const index = next++
      const { word, variant } = work[index] as (typeof cells)[number]
      const messages = variants[variant]?.(word) ?? []
      answers[index] = await provider.complete(
        { model, messages, repetition: 1, affinity: variant, simulation: null },
        { signal },
      )
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return answers
}

const blockCells = 40

type Side = { readonly answers: ModelResponse[]; ms: number }

const timed = async (side: Side, work: () => Promise<ModelResponse[]>): Promise<void> => {
  const startedAt = performance.now()
  const answers = await work()
  side.ms += performance.now() - startedAt
  side.answers.push(...answers)
}

/** Both ways in turn, block by block, so that what else the machine does weighs on both alike. */
const compare = async (concurrency: number): Promise<{ readonly plain: Side; readonly reuse: Side }> => {
  const [plain, reuse]: [Side, Side] = [
    { answers: [], ms: 0 },
    { answers: [], ms: 0 },
  ]
  await provider.release?.(reference(false))
  await provider.prepare?.(reference(false), { signal })
  for (let at = 0; at < cells.length; at += blockCells) {
    const block = cells.slice(at, at + blockCells)
    await timed(plain, () => answerAll(block, true, 1))
    await timed(reuse, () => answerAll(block, false, concurrency))
  }
  return { plain, reuse }
}

const equalShare = (a: Side, b: Side): number =>
  a.answers.filter((answer, i) => answer.output === b.answers[i]?.output).length / a.answers.length
const sum = (answers: readonly ModelResponse[], of: (answer: ModelResponse) => number | null): number =>
  answers.reduce((total, answer) => total + (of(answer) ?? 0), 0)
const perSecond = ({ answers, ms }: Side): number => (answers.length * 1000) / ms

const report = (name: string, { plain, reuse }: Awaited<ReturnType<typeof compare>>): void => {
  const sent = sum(reuse.answers, (answer) => answer.inputTokens)
  const cached = sum(reuse.answers, (answer) => answer.cachedInputTokens)
  print(`llama reuse, ${name}: prompt tokens evaluated of those sent`, (sent - cached) / sent, {
    bound: 0.2,
    unit: 'share',
  })
  print(`llama reuse, ${name}: calls per second against no reuse`, perSecond(reuse) / perSecond(plain), {
    bound: 3,
    unit: 'times',
    most: false,
  })
  print(`llama reuse, ${name}: equal outputs`, equalShare(plain, reuse), { bound: 0.98, unit: 'share', most: false })
  print(`llama reuse, ${name}: calls per second`, perSecond(reuse), { bound: null, unit: 'calls/s' })
  print(`llama without reuse (${name}): calls per second`, perSecond(plain), { bound: null, unit: 'calls/s' })
}

const single = await compare(1)
report('one at a time', single)
const eight = await compare(8)
report('eight at once', eight)
print('llama deterministic: equal outputs of two runs', equalShare(single.plain, eight.plain), {
  bound: 1,
  unit: 'share',
  most: false,
})
await provider.dispose()
