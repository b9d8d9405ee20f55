import { expectAccessibleInBothThemes } from './axe.ts'
import { expect, test } from './fixtures.ts'
import { runScreens } from './pages/run-screens.ts'
import { shell } from './pages/shell.ts'
import { openSampleRun } from './sample-run.ts'

test.beforeEach(async ({ page }) => {
  await openSampleRun(page, 'results')
  await expect(runScreens(page).grid).toBeVisible()
})

test('the matrix: cases by columns, filtered by outcome and by words', async ({ page }) => {
  const screen = runScreens(page)
  await expect(screen.grid).toHaveAttribute('aria-rowcount', '61')
  await expect(screen.cell(0, 1)).toContainText('fail')
  await expectAccessibleInBothThemes(page, 'results')
  await screen.mode('Passes').click()
  await expect(screen.mode('Passes')).toHaveAttribute('aria-pressed', 'true')
  const passes = Number((await screen.mode('Passes').innerText()).split(' ')[1])
  await expect(screen.grid).toHaveAttribute('aria-rowcount', String(passes + 1))
  await screen.mode('Errors').click()
  await expect(screen.mark('Show all cases')).toBeVisible()
  await expectAccessibleInBothThemes(page, 'no results of a kind')
  await screen.mark('Show all cases').click()
  await screen.find.fill('career')
  await expect(screen.grid).toHaveAttribute('aria-rowcount', '2')
})

test('by keys alone: move, open a response, step through the list, rate, undo, close', async ({ page }) => {
  const screen = runScreens(page)
  await screen.grid.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(screen.inspector.getByText('ii_singular_to_plural-0001')).toBeVisible()
  await expectAccessibleInBothThemes(page, 'results with a response')
  await page.keyboard.press('j')
  await expect(screen.inspector.getByText('ii_singular_to_plural-0002')).toBeVisible()
  expect(await screen.activeRow()).toBe(2)
  await page.keyboard.press('k')
  await expect(screen.inspector.getByText('ii_singular_to_plural-0001')).toBeVisible()
  await page.keyboard.press('p')
  await expect(screen.rating('Pass')).toHaveAttribute('aria-pressed', 'true')
  await expect(screen.cell(1, 1)).toContainText('rated')
  await page.keyboard.press('Control+z')
  await expect(screen.rating('Pass')).toHaveAttribute('aria-pressed', 'false')
  await expect(screen.cell(1, 1)).not.toContainText('rated')
  await page.keyboard.press('c')
  await expect(screen.comment).toBeFocused()
  await page.keyboard.type('a p and a j')
  await page.keyboard.press('Control+Enter')
  await expect(screen.cell(1, 1)).toContainText('commented')
  await page.keyboard.press('Escape')
  await screen.rating('Fail').focus()
  await page.keyboard.press('Escape')
  await expect(screen.inspector).toBeHidden()
  await expect(screen.grid).toBeFocused()
})

test('a block of cells is rated and excluded at once, as one step', async ({ page }) => {
  const screen = runScreens(page)
  await screen.grid.focus()
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Shift+ArrowRight')
  await expect(page.getByText('4 cells selected')).toBeVisible()
  await screen.mark('Rate pass').click()
  await expect(screen.cell(1, 2)).toContainText('rated')
  await screen.mark('Exclude…').click()
  await screen.reason.fill('the word is ambiguous')
  await expectAccessibleInBothThemes(page, 'exclusion')
  await screen.confirmExclusion.click()
  await expect(screen.cell(0, 1)).toContainText('excluded')
  await screen.link('report').click()
  await expect(page.getByText('Excluded (4): the word is ambiguous')).toBeVisible()
})

test('a response: plain by default, formatted on demand, its request as it was sent', async ({ page }) => {
  const screen = runScreens(page)
  await screen.cell(0, 1).dblclick()
  await expect(screen.response).toContainText('plural')
  await expect(page.getByRole('region', { name: 'Message 1, user' })).toContainText(
    'Write the plural of this word: end',
  )
  await screen.showFormatted.click()
  await expect(screen.formatted).toContainText('plural')
  await screen.inspector.getByRole('link', { name: 'Open on a page of its own' }).click()
  await expect(shell(page).heading).toHaveText('Response')
  await expectAccessibleInBothThemes(page, 'a response on a page of its own')
})
