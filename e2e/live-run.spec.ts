import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type FakeServer, startFakeServer } from '../src-main/providers/test/fake-server.ts'
import { expectAccessibleInBothThemes } from './axe.ts'
import { command } from './doors.ts'
import { expect, test } from './fixtures.ts'
import { runScreens } from './pages/run-screens.ts'
import { shell } from './pages/shell.ts'

const key = { OPENAI_API_KEY: 'no-key-of-anybody' }
test.use({ environment: key })

const reply = JSON.stringify({
  id: 'one',
  object: 'chat.completion',
  created: 1,
  model: 'scripted',
  choices: [{ index: 0, message: { role: 'assistant', content: 'trees' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
})
const chunks = (parts: readonly unknown[]): string =>
  [...parts.map((part) => `data: ${JSON.stringify(part)}\n\n`), 'data: [DONE]\n\n'].join('')
const streamed = chunks([
  {
    id: 'one',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'scripted',
    choices: [{ index: 0, delta: { role: 'assistant', content: 'trees' }, finish_reason: null }],
  },
  {
    id: 'one',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'scripted',
    choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
  },
  {
    id: 'one',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'scripted',
    choices: [],
    usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
  },
])

const labText = (url: string): string =>
  [
    'name: trees',
    'prompts:',
    '  - { name: plain, text: "The plural of {word}?" }',
    '  - { name: short, text: "{word}, many of them:" }',
    'cases:',
    ...Array.from({ length: 40 }, (_, index) => `  - { id: c${index}, word: tree ${index} }`),
    `models: [{ id: scripted, provider: openai, baseUrl: "${url}/v1", model: any, price: { inputPerMillion: 1, outputPerMillion: 2 }, concurrency: 2 }]`,
    'evaluators: [{ type: contains, value: trees }]',
    'budget: { calls: 4 }',
    '',
  ].join('\n')

let server: FakeServer
test.beforeAll(async () => {
  server = await startFakeServer((response, { body }) => {
    const asStream = body.includes('"stream":true')
    setTimeout(() => {
      response.setHeader('content-type', asStream ? 'text/event-stream' : 'application/json')
      response.end(asStream ? streamed : reply)
    }, 120)
  })
})
test.afterAll(() => server.close())

/** A run that its cap of four calls has ended, made by the command as a person would. */
const cappedRun = async (folder: string): Promise<string> => {
  const file = join(folder, 'lab.yaml')
  await writeFile(file, labText(server.url))
  const args = [command(), 'run', file, '--db', join(folder, 'lab.db'), '--json']
  // A run that ends at its cap has an exit code of its own; what it printed is what matters here.
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, ...key },
  }).catch((error: { readonly stdout: string; readonly stderr: string }) => error)
  const { experiment } = JSON.parse(stdout) as { readonly experiment?: unknown }
  if (typeof experiment !== 'string') throw new Error(`the command made no run: ${stdout} ${stderr}`)
  return experiment
}

test('a run at its cap: raise it, watch, pause, go on, look at a result, see the matrix', async ({
  folder,
  openDoor,
}) => {
  const experiment = await cappedRun(folder)
  const { page } = await openDoor()
  const screen = runScreens(page)
  await expect(shell(page).heading).toBeVisible()
  await shell(page).open(`/p/1/live/${experiment}`)
  await expect(screen.progressCard).toContainText('4 done of 80 cells')
  await expectAccessibleInBothThemes(page, 'a run that has ended')

  await screen.control('Raise the cap').click()
  await screen.capField('Calls').fill('500')
  await expectAccessibleInBothThemes(page, 'the cap')
  await screen.useCap.click()
  await expect(screen.control('Pause')).toBeVisible()
  await expect(screen.newest.getByRole('button').first()).toBeVisible()
  // Rate and time left are told from ten cells on; nothing ever names a winner.
  await expect(screen.chart('Quality, interim')).toContainText('No winner is named')
  await page.keyboard.press('Control+.')
  await expect(screen.progressCard).toContainText('Paused')
  await expectAccessibleInBothThemes(page, 'a paused run')
  await page.keyboard.press('Control+.')
  await screen.newest.getByRole('button').first().click()
  await expect(screen.inspector).toContainText('trees')
  await expect(screen.progressCard).toContainText('80 done of 80 cells', { timeout: 30_000 })
  await screen.link('results').click()
  await expect(screen.grid).toHaveAttribute('aria-rowcount', '41')
})

test('a run is asked about once before it is stopped, and goes on later', async ({ folder, openDoor }) => {
  const experiment = await cappedRun(folder)
  const { page } = await openDoor()
  const screen = runScreens(page)
  await expect(shell(page).heading).toBeVisible()
  await shell(page).open(`/p/1/live/${experiment}`)
  await screen.control('Raise the cap').click()
  await screen.capField('Calls').fill('500')
  await screen.useCap.click()
  await expect(screen.control('Pause')).toBeVisible()
  // Paused, so that it does not end while this looks at the question.
  await page.keyboard.press('Control+.')
  await expect(screen.progressCard).toContainText('Paused')
  await page.keyboard.press('Control+Shift+.')
  await expect(screen.dialog).toContainText('Stop this run?')
  await expectAccessibleInBothThemes(page, 'stopping a run')
  await screen.dialogButton('Stop now').click()
  await expect(screen.control('Resume')).toBeVisible()
  await screen.control('Resume').click()
  await expect(screen.progressCard).toContainText('80 done of 80 cells', { timeout: 30_000 })
})
