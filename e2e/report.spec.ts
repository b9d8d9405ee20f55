import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from '@playwright/test'
import { expectAccessible } from './axe.ts'
import { command } from './doors.ts'

const run = promisify(execFile)
const samples = ['plurals', 'sms-spam'] as const
let folder: string

/** The reports of real, stored runs, written by the command as a person would. */
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prompt-lab-report-'))
  for (const sample of samples) {
    const lab = (...words: string[]) =>
      run(process.execPath, [command(), ...words, '--db', join(folder, 'lab.db'), '--quiet'])
    await lab('init', join(folder, sample), '--sample', sample, '--with-run')
    await lab('analyze', `sample-${sample}`, '--out', join(folder, `${sample}-report`))
  }
})
test.afterAll(() => rm(folder, { recursive: true, force: true }))

for (const sample of samples) {
  for (const width of [1280, 2560]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      // The second report has other sections; its look was seen with the first.
      if (sample !== 'plurals' && (width !== 1280 || colorScheme !== 'light')) continue
      test(`the report of ${sample} at ${width} pixels, ${colorScheme}: no script, no request, nothing that axe objects to`, async ({
        browser,
      }) => {
        const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme })
        const page = await context.newPage()
        const address = pathToFileURL(join(folder, `${sample}-report`, 'report.html')).href
        const requests: string[] = []
        const troubles: string[] = []
        page.on('request', (request) => requests.push(request.url()))
        page.on('console', (message) => troubles.push(message.text()))
        page.on('pageerror', (error) => troubles.push(error.message))
        await page.goto(address)
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()

        expect(requests.filter((url) => url !== address && !url.startsWith('data:'))).toEqual([])
        expect(await page.locator('script, iframe, object, embed, link[rel=stylesheet], form').count()).toBe(0)
        expect(troubles).toEqual([])
        // Nothing may stick out to the side: a report is read from top to bottom.
        expect(
          await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
        ).toBe(0)

        await expectAccessible(page, 'the report')
        await context.close()
      })
    }
  }
}
