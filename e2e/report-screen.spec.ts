import { expectAccessibleInBothThemes } from './axe.ts'
import { expect, test } from './fixtures.ts'
import { runScreens } from './pages/run-screens.ts'
import { openSampleRun } from './sample-run.ts'

test.beforeEach(async ({ page }) => {
  await openSampleRun(page, 'report')
})

test('the answer first, then the figures, the limits and how to do it again', async ({ page }) => {
  const screen = runScreens(page)
  await expect(screen.answer).toContainText('no difference shown between four-examples and strict')
  await expect(screen.answer).toContainText('Deploy strict')
  for (const chart of ['Mean quality', 'Quality', 'Quality over cost']) await expect(screen.chart(chart)).toBeVisible()
  await expect(page.getByRole('region', { name: 'Limits', exact: true })).toContainText('not for others')
  await expect(page.getByRole('region', { name: 'Reproduction', exact: true })).toContainText('seed')
  await expectAccessibleInBothThemes(page, 'report')
  for (const chart of ['Mean quality', 'Quality', 'Quality over cost']) {
    await screen.asTable(chart).click()
    await expect(screen.chart(chart).getByRole('table')).toBeVisible()
  }
})

for (const [name, ending] of [
  ['Web page', 'html'],
  ['Markdown', 'md'],
  ['Table', 'csv'],
  ['JSON', 'json'],
] as const) {
  test(`the report as a file: ${name}`, async ({ page, door }) => {
    test.skip(door === 'electron', 'the double has no download folder')
    const screen = runScreens(page)
    await screen.exportMenu.click()
    const download = page.waitForEvent('download')
    await screen.exportAs(name).click()
    expect((await download).suggestedFilename()).toMatch(new RegExp(`\\.${ending}$`))
  })
}
