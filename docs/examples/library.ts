// Compares two prompts from a program of your own. Run it with Node 24: `node library.ts [BASE_URL]`, where BASE_URL is any
// OpenAI-compatible server, for instance http://127.0.0.1:8080/v1. Without one the simulated world answers.
import { LabError, type LabObject, PromptLab } from 'prompt-lab'
import { wilson } from 'prompt-lab/stats'

const baseUrl = process.argv[2]
const models: LabObject['models'] =
  baseUrl === undefined
    ? [{ id: 'm', provider: 'simulated', model: 'world' }]
    : [{ id: 'm', provider: 'openai', model: 'any', baseUrl, price: 0, temperature: 0, maxTokens: 16 }]

// `await using` closes it at the end of the block, also when something throws; `await lab.close()` does the same by hand.
await using lab = new PromptLab({ db: 'example.db', onNotice: (sentence) => console.error(sentence) })

// A prompt can be stored first and named by `ref` in any lab of its project.
const stored = await lab.registerPromptVariant({
  project: 'capitals',
  name: 'strict',
  messages: [
    { role: 'system', content: 'Answer with the name of the city and nothing else.' },
    { role: 'user', content: 'What is the capital of {country}?' },
  ],
})
console.log(`stored ${stored.name}@${stored.version}`)

const cities = { France: 'Paris', Japan: 'Tokyo', Peru: 'Lima', Kenya: 'Nairobi', Norway: 'Oslo', Cuba: 'Havana' }
const report = await lab.runExperiment(
  {
    name: 'capitals',
    prompts: [{ name: 'plain', text: 'What is the capital of {country}?' }, { ref: 'strict@1' }],
    cases: Object.entries(cities).map(([country, expected]) => ({ id: country, country, expected })),
    models,
    evaluators: [{ type: 'equals', ignoreCase: true, trim: true, ignorePunctuation: true }],
    baseline: 'plain',
  },
  { onProgress: ({ done, cells }) => console.error(`${done} of ${cells}`) },
)
for (const note of report.notes) console.log(`note: ${note}`)
for (const { variant, mean, n } of report.rows) console.log(`${variant}: ${mean} over ${n} cases`)
console.log(report.recommendation.sentence)

// Every row, as in executions.jsonl.
for await (const row of lab.results(report.experiment, { variant: 'strict', failures: true })) {
  console.log(`${row.case}: ${JSON.stringify(row.output)}`)
}

// The same experiment by another plan; the report then calls itself exploratory.
const again = await lab.analyze(report.experiment, { alpha: 0.01 })
console.log(again.label)

// The statistics alone.
const interval = wilson(9, 10)
if (!('kind' in interval)) console.log(interval.ci.map((end) => end.toFixed(3)).join(' to '))

try {
  await lab.runExperiment('missing.yaml')
} catch (error) {
  if (!(error instanceof LabError)) throw error
  console.log(error.code)
}
