import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContextOptions, test as base, expect } from '@playwright/test'
import { type OpenDoor, openBrowserDoor, openElectronDoor } from './doors.ts'

export type DoorOptions = {
  /** Set by the project: which door the specs go through. */
  door: 'browser' | 'electron'
  /** Environment variables of the host, beside a clean few. */
  environment: Readonly<Record<string, string>>
  /** Console errors that this spec provokes on purpose; null: none. */
  expectedErrors: RegExp | null
}

type Fixtures = {
  /** A folder of the test's own; the database lies in it, and it is the host's home. */
  folder: string
  /** Opens the lab, on the same database each time; several windows of one test come from here. */
  openDoor: () => Promise<OpenDoor>
  /** The opened lab; `page` is its window. */
  lab: OpenDoor
}

/** What went wrong in a window without a test asking for it. */
const watch = ({ page, origin }: OpenDoor, expected: RegExp | null): string[] => {
  const troubles: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' && expected?.test(message.text()) !== true)
      troubles.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => troubles.push(`page: ${error.message}`))
  page.on('request', (request) => {
    const url = request.url()
    const own = url === origin || url.startsWith(`${origin}/`) || url.startsWith('data:') || url.startsWith('blob:')
    if (!own) troubles.push(`request beyond the lab: ${url}`)
  })
  return troubles
}

export const test = base.extend<DoorOptions & Fixtures>({
  door: ['browser', { option: true }],
  environment: [{}, { option: true }],
  expectedErrors: [null, { option: true }],

  // oxlint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what a fixture needs
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'prompt-lab-e2e-'))
    await use(folder)
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  },

  openDoor: async (
    { door, browser, folder, environment, expectedErrors, viewport, colorScheme, locale, timezoneId },
    use,
  ) => {
    const opened: OpenDoor[] = []
    const troubles: string[][] = []
    await use(async () => {
      const settings = { folder, db: join(folder, 'lab.db'), environment }
      const context: BrowserContextOptions = {
        ...(viewport === undefined ? {} : { viewport }),
        ...(colorScheme === undefined ? {} : { colorScheme }),
        ...(locale === undefined ? {} : { locale }),
        ...(timezoneId === undefined ? {} : { timezoneId }),
      }
      const lab =
        door === 'browser'
          ? await openBrowserDoor(browser, context, settings)
          : await openElectronDoor(viewport ?? null, settings)
      opened.push(lab)
      troubles.push(watch(lab, expectedErrors))
      return lab
    })
    for (const lab of opened) await lab.close()
    expect(troubles.flat(), 'no console error, and no request beyond this machine').toEqual([])
  },

  lab: async ({ openDoor }, use) => {
    await use(await openDoor())
  },

  // The window of the lab is *the* page of a spec.
  page: async ({ lab }, use) => {
    await use(lab.page)
  },
})

export { expect } from '@playwright/test'
