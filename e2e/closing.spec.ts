import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { LabDoor } from '../src-main/api/door.ts'
import { command, type OpenDoor } from './doors.ts'
import { expect, test } from './fixtures.ts'
import { firstScreen } from './pages/first-screen.ts'
import { type SlowModel, startSlowModel } from './slow-model.ts'

/** Closing the desktop's window while an experiment runs. */
let model: SlowModel
test.beforeEach(async () => {
  model = await startSlowModel()
})
test.afterEach(() => model.close())

/** Starts a run through the door, as the setup screen would; its first calls wait for the model. */
const startRun = async ({ page }: OpenDoor): Promise<void> => {
  await expect(firstScreen(page).main).toBeVisible()
  await page.evaluate(async (baseUrl) => {
    const { lab } = window as unknown as { lab: LabDoor }
    const ask = async (type: 'query' | 'mutation', path: string, input: object): Promise<Record<string, unknown>> => {
      const reply = JSON.parse(await lab.call({ type, path, input: JSON.stringify(input) }))
      if (reply.error !== undefined) throw new Error(JSON.stringify(reply.error))
      return reply.result.data
    }
    const { id: project } = await ask('mutation', 'projects.createFromSample', { sample: 'plurals' })
    const models = [{ id: 'slow', provider: 'openai', baseUrl, model: 'slow', price: 0, maxTokens: 8 }]
    await ask('mutation', 'setup.save', { project, sections: { models } })
    await ask('mutation', 'experiments.start', { project, selection: { limit: 2 } })
  }, model.baseUrl)
  await expect.poll(() => model.waiting()).toBeGreaterThan(0)
}

/** The native question is answered by the test, in the main process. */
const answerWith = (lab: OpenDoor, button: number) =>
  lab.electron?.evaluate(({ dialog }, response) => {
    const asked = globalThis as unknown as { asked: string[] }
    asked.asked = []
    dialog.showMessageBox = (async (...words: unknown[]) => {
      asked.asked.push((words.at(-1) as { message: string }).message)
      return { response, checkboxChecked: false }
    }) as typeof dialog.showMessageBox
  }, button)
const asked = (lab: OpenDoor) => lab.electron?.evaluate(() => (globalThis as unknown as { asked: string[] }).asked)
const windows = (lab: OpenDoor) => lab.electron?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
const closeWindow = (lab: OpenDoor) =>
  lab.electron?.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) window.close()
  })
const ended = (lab: OpenDoor) => expect.poll(() => lab.exitCode(), { timeout: 20_000 }).toBe(0)
const storedStatus = (folder: string): string => {
  const words = [command(), 'experiments', '--json', '--db', join(folder, 'lab.db')]
  const { stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' })
  const { experiments } = JSON.parse(stdout) as { experiments: { id: string; status: string }[] }
  return experiments
    .filter(({ id }) => !id.startsWith('sample-'))
    .map(({ status }) => status)
    .join()
}

test('cancelled: the window stays, and the run goes on', async ({ lab }) => {
  await startRun(lab)
  await answerWith(lab, 2)
  await closeWindow(lab)
  await expect.poll(() => asked(lab)).toEqual(['An experiment is running.'])
  expect(await windows(lab)).toBe(1)
  await expect(firstScreen(lab.page).main).toBeVisible()
  // The test's own end closes the app as well, and must not be asked in vain.
  await answerWith(lab, 1)
  model.release()
})

test('in the background: no window, and the app ends by itself with a finished run', async ({ lab, folder }) => {
  await startRun(lab)
  await answerWith(lab, 0)
  await closeWindow(lab)
  await expect.poll(() => windows(lab)).toBe(0)
  expect(lab.exitCode()).toBeNull()
  model.release()
  await ended(lab)
  expect(storedStatus(folder)).toBe('done')
})

test('stopped: what was in flight is finished and saved, and the run can be resumed', async ({ lab, folder }) => {
  await startRun(lab)
  await answerWith(lab, 1)
  await closeWindow(lab)
  await expect.poll(() => asked(lab)).toHaveLength(1)
  // The model holds every call meanwhile, so the wait only gives the answer time to reach the engine's thread.
  await new Promise((resolve) => setTimeout(resolve, 2000))
  model.release()
  await ended(lab)
  expect(storedStatus(folder)).toBe('interrupted')
})
