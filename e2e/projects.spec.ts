import { expectAccessibleInBothThemes } from './axe.ts'
import { expect, test } from './fixtures.ts'
import { projects } from './pages/projects.ts'
import { shell } from './pages/shell.ts'

const lab = (name: string): string =>
  [
    `name: ${name}`,
    'prompts:',
    '  - { name: plain, text: "Say {word}." }',
    'cases: [{ id: a, word: tree }]',
    'models: [{ id: sim, provider: simulated, model: any }]',
    'evaluators: [{ type: contains, value: tree }]',
    '',
  ].join('\n')

test.beforeEach(async ({ page }) => {
  await expect(shell(page).heading).toBeVisible()
  await shell(page).open('/projects')
  await expect(projects(page).heading).toBeVisible()
})

test('a new project opens, and stands in the list', async ({ page }) => {
  const screen = projects(page)
  await screen.create.click()
  await screen.name.fill('Tickets')
  await screen.description.fill('Sorts tickets')
  await screen.submit.click()
  await expect(screen.dialog).toHaveCount(0)
  await shell(page).open('/projects')
  await expect(screen.card('Tickets')).toContainText('None yet')
  await expect(screen.card('Tickets')).toContainText('Sorts tickets')
})

test('duplicate, rename, trash and back, each without a question', async ({ page }) => {
  const screen = projects(page)
  await screen.create.click()
  await screen.name.fill('One')
  await screen.submit.click()
  await shell(page).open('/projects')
  await screen.menu('One', 'Duplicate')
  await expect(screen.card('One (copy)')).toBeVisible()
  await screen.menu('One (copy)', 'Rename')
  await screen.renameField.fill('Two')
  await page.keyboard.press('Enter')
  await expect(screen.card('Two')).toBeVisible()
  await screen.menu('One', 'Move to the trash')
  await expect(screen.card('One')).toHaveCount(0)
  await shell(page).messageButton('Undo').last().click()
  await expect(screen.card('One')).toBeVisible()
  await screen.menu('Two', 'Move to the trash')
  await shell(page).open('/projects?show=trash')
  await expect(screen.card('Two')).toContainText('Kept until')
  await screen.restore('Two').click()
  await expect(screen.card('Two')).toHaveCount(0)
  await shell(page).open('/projects')
  await expect(screen.card('Two')).toBeVisible()
})

test('a lab file comes in, and goes out again', async ({ page, door }) => {
  const screen = projects(page)
  await screen.importLab.click()
  await screen.fileInput.setInputFiles([
    { name: 'lab.yaml', mimeType: 'application/yaml', buffer: Buffer.from(lab('brought')) },
  ])
  await expect(screen.dialog).toHaveCount(0)
  await shell(page).open('/projects')
  await expect(screen.card('brought')).toContainText('1 prompt · 1 case')
  // The double of the desktop has no download folder; the host and a real desktop have one.
  if (door === 'electron') return
  const download = page.waitForEvent('download')
  await screen.menu('brought', 'Export')
  expect((await download).suggestedFilename()).toMatch(/\.ya?ml$/)
})

test('a wrong lab file says where it is wrong, and nothing comes in', async ({ page }) => {
  const screen = projects(page)
  await screen.importLab.click()
  const wrong = lab('wrong').replace('prompts:', 'promts:')
  await screen.fileInput.setInputFiles([{ name: 'lab.yaml', mimeType: 'application/yaml', buffer: Buffer.from(wrong) }])
  await expect(screen.problem).toContainText('Nothing was imported')
  await expect(screen.problem).toContainText('promts')
  await page.keyboard.press('Escape')
  await expect(screen.card('wrong')).toHaveCount(0)
})

test('by keyboard only: the palette makes a project', async ({ page }) => {
  const { paletteField, palette } = shell(page)
  await page.keyboard.press('Control+Shift+P')
  await expect(paletteField).toBeFocused()
  await page.keyboard.type('project new')
  await page.keyboard.press('Enter')
  await expect(palette).toHaveCount(0)
  await expect(projects(page).name).toBeFocused()
  await page.keyboard.type('By keys')
  await page.keyboard.press('Enter')
  await expect(projects(page).dialog).toHaveCount(0)
  await page.keyboard.press('Control+K')
  await expect(paletteField).toBeFocused()
  await page.keyboard.type('go projects')
  await page.keyboard.press('Enter')
  await expect(projects(page).card('By keys')).toBeVisible()
})

test('empty, filled and trash are accessible in both themes', async ({ page }) => {
  test.slow()
  const screen = projects(page)
  await expect(screen.empty).toBeVisible()
  await expectAccessibleInBothThemes(page, 'no project')
  await screen.create.click()
  await screen.name.fill('One')
  await expectAccessibleInBothThemes(page, 'new project')
  await screen.submit.click()
  await shell(page).open('/projects')
  await expect(screen.card('One')).toBeVisible()
  await expectAccessibleInBothThemes(page, 'projects')
  await screen.menu('One', 'Move to the trash')
  await shell(page).open('/projects?show=trash')
  await expect(screen.restore('One')).toBeVisible()
  await expectAccessibleInBothThemes(page, 'trash')
})
