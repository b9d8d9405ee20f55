import { expectAccessibleInBothThemes } from './axe.ts'
import { expect, test } from './fixtures.ts'
import { firstRun } from './pages/first-run.ts'
import { settings } from './pages/settings.ts'
import { shell } from './pages/shell.ts'

test('from the first window to the first matrix: one press, within a minute, nothing beyond this machine', async ({
  page,
}) => {
  const from = Date.now()
  const screen = firstRun(page)
  await expect(screen.heading).toBeVisible()
  await screen.openSample.click()
  await expect(screen.matrix).toBeVisible({ timeout: 60_000 })
  await expect(screen.matrix.getByRole('row').nth(1)).toBeVisible()
  expect(Date.now() - from).toBeLessThan(60_000)
  // The fixture refuses every request of the page beyond its host; this is the host's own word on its requests.
  await expect(shell(page).status).toContainText('Nothing left this machine')
})

test('by keyboard: 1 opens the sample', async ({ page }) => {
  const screen = firstRun(page)
  await expect(screen.openSample).toBeEnabled()
  await page.keyboard.press('1')
  await expect(screen.matrix).toBeVisible({ timeout: 60_000 })
})

test('3 leads to the keys, which say where they are kept before one is typed', async ({ page }) => {
  await expect(firstRun(page).addKey).toBeEnabled()
  await page.keyboard.press('3')
  await expect(settings(page).section('Keys')).toContainText(/keychain|environment|memory/)
})

test('without a model on this computer the second way says what to do', async ({ page }) => {
  await expect(firstRun(page).localCard).toContainText(/No Ollama answers|model[s]? found/)
})

test('the second start shows the projects, not the welcome', async ({ openDoor }) => {
  const first = await openDoor()
  await firstRun(first.page).openSample.click()
  await expect(firstRun(first.page).matrix).toBeVisible({ timeout: 60_000 })
  await first.close()
  const second = await openDoor()
  await expect(shell(second.page).heading).toHaveText('Projects')
})

test('the welcome is accessible in both themes', async ({ page }) => {
  await expect(firstRun(page).openSample).toBeEnabled()
  await expectAccessibleInBothThemes(page, 'first run')
})
