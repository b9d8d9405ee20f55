import { expectAccessibleInBothThemes } from './axe.ts'
import { expect, test } from './fixtures.ts'
import { settings, settingsSections } from './pages/settings.ts'
import { shell } from './pages/shell.ts'

test.beforeEach(async ({ page }) => {
  await expect(shell(page).heading).toBeVisible()
  await page.keyboard.press('Control+,')
  await expect(shell(page).heading).toHaveText('Settings')
})

test('every part is accessible in both themes', async ({ page }) => {
  test.slow()
  for (const name of settingsSections) {
    await settings(page).sectionLink(name).click()
    await expect(settings(page).section(name)).toBeVisible()
    await page.waitForTimeout(200)
    await expectAccessibleInBothThemes(page, name)
  }
})

test('dark stays dark after a restart of the lab', async ({ openDoor, lab, page }) => {
  await settings(page).sectionLink('Appearance').click()
  await settings(page).scheme('Dark').check()
  await expect(shell(page).root).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await page.waitForTimeout(500)
  await lab.close()
  const again = await openDoor()
  await expect(shell(again.page).root).toHaveAttribute('data-mantine-color-scheme', 'dark')
})

test('single-letter keys can be switched off', async ({ page }) => {
  await settings(page).sectionLink('Shortcuts').click()
  await page.keyboard.press('?')
  await expect(shell(page).sheet).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(shell(page).sheet).toHaveCount(0)
  await settings(page).singleLetters.press('Space')
  await page.keyboard.press('?')
  await page.waitForTimeout(200)
  await expect(shell(page).sheet).toHaveCount(0)
})

test('a shortcut can be changed, a clash is named, and the old keys come back', async ({ page }) => {
  const screen = settings(page)
  await screen.sectionLink('Shortcuts').click()
  await screen.keysOf('Settings').click()
  await page.keyboard.press('Control+k')
  await expect(screen.section('Shortcuts')).toContainText('same as Go to object')
  await screen.resetKeysOf('Settings').click()
  await expect(screen.section('Shortcuts')).not.toContainText('same as')
})

test('a price of your own wins, by keyboard only', async ({ page }) => {
  const screen = settings(page)
  await screen.sectionLink('Prices').press('Enter')
  await screen.addPrice.press('Enter')
  await expect(screen.priceField('Model')).toBeFocused()
  await page.keyboard.type('my-own-model')
  await page.keyboard.press('Tab')
  await page.keyboard.type('1.5')
  await page.keyboard.press('Tab')
  await page.keyboard.type('6')
  await page.keyboard.press('Enter')
  await expect(shell(page).message(/my-own-model saved/)).toBeVisible()
  await screen.findPrice.fill('my-own')
  await expect(screen.prices).toContainText('yours')
  await expect(screen.prices).toContainText('$1.50')
})

test('the data is checked and backed up', async ({ page }) => {
  const screen = settings(page)
  await screen.sectionLink('Data').click()
  await expect(screen.section('Data')).toContainText('lab.db')
  await screen.verify.click()
  await expect(screen.section('Data')).toContainText('whole')
  await screen.backUp.click()
  await expect(shell(page).message(/Backed up to/)).toBeVisible()
})

test('keys: the window can never read one', async ({ page, door }) => {
  const screen = settings(page)
  await screen.sectionLink('Keys').click()
  await expect(screen.section('Keys')).toContainText('OPENAI_API_KEY')
  if (door === 'browser') await expect(screen.setKey('OpenAI')).toHaveCount(0)
})

test.describe('with a key in the environment', () => {
  const canary = 'sk-canary-0123456789abcdef'
  test.use({ environment: { OPENAI_API_KEY: canary } })

  test('it is said to be set, and stands nowhere in the page or its traffic', async ({ page }) => {
    const bodies: string[] = []
    page.on('response', (response) => {
      void response.text().then(
        (text) => bodies.push(text),
        () => undefined,
      )
    })
    await settings(page).sectionLink('Keys').click()
    await expect(settings(page).section('Keys')).toContainText('from the environment')
    await page.reload()
    await expect(settings(page).section('Keys')).toContainText('from the environment')
    expect(await page.content()).not.toContain(canary)
    expect(bodies.join('\n')).not.toContain(canary)
  })
})
