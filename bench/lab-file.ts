import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

type LabFile = { readonly url: string; readonly cases: number; readonly concurrency: number; readonly name?: string }

/** A lab of two variants on a loopback server, written as a person would write it. Returns its path. */
export const writeBenchLab = (folder: string, { url, cases, concurrency, name = 'bench' }: LabFile): string => {
  const rows = Array.from({ length: cases }, (_, n) =>
    JSON.stringify({ id: `c${n}`, input: textOf(n), expected: n % 2 === 0 ? 'spam' : 'ham' }),
  )
  writeFileSync(join(folder, `${name}.jsonl`), `${rows.join('\n')}\n`)
  const lab = join(folder, `${name}.yaml`)
  writeFileSync(
    lab,
    `name: ${name}
seed: 7
prompts:
  - { name: plain, text: "Spam or ham? {input}" }
  - name: guided
    messages:
      - { role: system, content: "Answer with exactly one of: spam, ham. Nothing else." }
      - { role: user, content: "{input}" }
cases: { file: ${name}.jsonl }
models:
  - { id: loopback, provider: openai, baseUrl: "${url}", model: loopback, temperature: 0, maxTokens: 16, price: 0 }
evaluators:
  - { type: equals, ignoreCase: true, trim: true }
baseline: plain
cache: off
concurrency: ${concurrency}
`,
  )
  return lab
}

/** About the length of a text message. */
const textOf = (n: number): string =>
  `Message ${n}: you have won a prize of ${n} pounds, call now or reply to claim it before the end of the day, terms apply.`
