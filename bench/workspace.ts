import { statSync } from 'node:fs'
import { join } from 'node:path'
import { createRouter } from '../src-main/api/router.ts'
import { createCallerFactory } from '../src-main/api/trpc.ts'
import { openApp } from '../src-main/workspace/open-app.ts'
import { print } from './figure.ts'
import { benchPlace } from './place.ts'
import { longestPause, median, ms, textOf, timed } from './waiting.ts'

/**
 * The app's host at the sizes it promises: a grid of 100,000 cases, a paste of 10,000 x 8 cells.
 * Times are what a window waits for its answer; `blocked` is the longest pause of the thread that serves windows.
 */
const cases = 100_000
const variants = 5
const place = benchPlace()
const db = join(place.folder, 'workspace.db')

const app = await openApp({ door: 'browser', db })
const api = createCallerFactory(createRouter(app))({})
try {
  const lab = `name: bench
prompts:
${Array.from({ length: variants }, (_, n) => `  - { name: p${n}, text: "Variant ${n}: spam or ham? {input}" }`).join('\n')}
cases: [{ id: first, input: one, expected: ham }]
models: [simulated/world]
evaluators: [{ type: equals }]
`
  const { project: made } = await api.projects.importLab({ text: lab })
  const project = made.id
  const lines = Array.from({ length: cases }, (_, n) =>
    JSON.stringify({
      id: `c${n}`,
      input: textOf(n),
      expected: n % 2 === 0 ? 'spam' : 'ham',
      tags: [`t${n % 50}`],
      note: `n${n % 1000}`,
    }),
  ).join('\n')
  const [previewMs, preview] = await timed(() =>
    api.cases.importPreview({ project, name: 'cases.jsonl', base64: Buffer.from(lines).toString('base64') }),
  )
  print('preview of 100,000 cases', previewMs, ms(5_000))
  const [importMs] = await timed(() => api.cases.importCommit({ project, token: preview.token, mode: 'replace' }))
  print('import of 100,000 cases', importMs, ms(10_000))

  const window = (query: Parameters<typeof api.cases.window>[0]['query'], offset = 0) =>
    api.cases.window({ project, query, offset, limit: 100 })
  print('first rows of 100,000', (await timed(() => window(undefined)))[0], ms(300))
  const scroll: number[] = []
  for (let n = 0; n < 50; n++) scroll.push((await timed(() => window(undefined, (n * 1_987) % cases)))[0])
  print('a page while scrolling, median', median(scroll), ms(16))
  for (const [name, query] of [
    ['text', { filter: { text: 'prize of 123 pounds' } }],
    ['text that nearly all rows have', { filter: { text: 'e' } }],
    ['tag', { filter: { tag: 't7' } }],
    ['text in a column', { filter: { text: '99', column: 'expected' } }],
  ] as const) {
    print(`filter by ${name}`, (await timed(() => window(query)))[0], ms(300))
  }
  print(
    'sorted by a column',
    (await timed(() => window({ sort: { column: 'v1', direction: 'descending' } })))[0],
    ms(1_000),
  )

  const hash = await api.projects.stateHash({ project })
  const cells = Array.from({ length: 10_000 }, (_, n) =>
    Array.from({ length: 8 }, (_, column) => `cell ${n}.${column} of the paste`),
  )
  const pasted = { project, offset: 0, columns: ['v1', 'expected', null, null, null, null, null, null], cells }
  let pasteMs = 0
  const pasteBlocked = await longestPause(async () => {
    pasteMs = (await timed(() => api.cases.paste(pasted)))[0]
  })
  print('paste of 10,000 x 8 cells', pasteMs, ms(2_000))
  print('paste, longest block of the serving thread', pasteBlocked, ms(50))
  print('undo of the paste', (await timed(() => api.projects.undo({ project })))[0], ms(2_000))
  const [hashMs, after] = await timed(() => api.projects.stateHash({ project }))
  print('state hash of 100,000 cases', hashMs, ms(5_000))
  print('state hash equal after undo (1: yes)', after === hash ? 1 : 0, { bound: 1, unit: '', most: false })
  const bulk = await timed(() => api.cases.setSplit({ project, rows: { filter: {} }, split: 'race' }))
  print('split of all 100,000 cases', bulk[0], ms(8_000))
  await api.projects.undo({ project })
  const [planMs] = await timed(() => api.setup.plan({ project }))
  print('plan over 100,000 cases', planMs, ms(5_000))
  print('palette search', (await timed(() => api.app.search({ text: 'c9999', project })))[0], ms(50))

  print('database', statSync(db).size / 1e6, { bound: null, unit: 'MB' })
} finally {
  await app.close()
  place.remove()
}
