import { expect, type Page } from '@playwright/test'
import { firstRun } from './pages/first-run.ts'
import { type RunScreen, runScreens } from './pages/run-screens.ts'
import { shell } from './pages/shell.ts'

/** The stored run of the sample lab (a real small model's answers), opened by the way of a first run. */
export const openSampleRun = async (page: Page, screen: RunScreen): Promise<void> => {
  await firstRun(page).openSample.click()
  await expect(page.getByRole('grid').first()).toBeVisible()
  if (!(await shell(page).path()).includes('/results/')) {
    throw new Error(`the sample opened ${await shell(page).path()} and not its results`)
  }
  await runScreens(page).link(screen).click()
  await expect(runScreens(page).heading(screen)).toBeVisible()
}
