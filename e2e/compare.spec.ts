import { expectAccessibleInBothThemes } from './axe.ts'
import { expect, test } from './fixtures.ts'
import { runScreens } from './pages/run-screens.ts'
import { openSampleRun } from './sample-run.ts'

test.beforeEach(async ({ page }) => {
  await openSampleRun(page, 'compare')
})

test('regressions come first, then the paired difference with interval, adjusted p and n', async ({ page }) => {
  const screen = runScreens(page)
  await expect(screen.kind('Regressions')).toContainText('0')
  await expect(screen.kind('Improvements')).toContainText('37')
  await expect(screen.kind('Ties')).toContainText('23')
  await expect(screen.comparison).toContainText('strict is better than plain')
  await expect(screen.comparison).toContainText('+0.617')
  await expect(screen.comparison).toContainText('Adjusted p')
  await expectAccessibleInBothThemes(page, 'compare')
})

test('the plots have their numbers as tables', async ({ page }) => {
  const screen = runScreens(page)
  await screen.asTable('Differences from the baseline').click()
  await expect(screen.chart('Differences from the baseline').getByRole('row')).toHaveCount(3)
  await screen.asTable('Score by case').click()
  await expect(screen.chart('Score by case').getByRole('row')).not.toHaveCount(0)
  await expectAccessibleInBothThemes(page, 'compare, plots as tables')
})

test('by keys alone: only the improvements, case after case, with the difference of the answers', async ({ page }) => {
  const screen = runScreens(page)
  await screen.kind('Improvements').focus()
  await page.keyboard.press('Enter')
  await expect(screen.cases).toHaveAttribute('aria-rowcount', '38')
  await screen.cases.focus()
  const before = await screen.answers.innerText()
  await page.keyboard.press('j')
  await expect(screen.answers).not.toHaveText(before)
  await expect(screen.answers.locator('ins, del').first()).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(screen.inspector).toBeVisible()
})
