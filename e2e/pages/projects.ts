import type { Locator, Page } from '@playwright/test'

export const projects = (page: Page) => {
  const card = (name: string): Locator => page.getByRole('article', { name, exact: true })
  const menu = async (name: string, item: string): Promise<void> => {
    await card(name)
      .getByRole('button', { name: `Actions of ${name}` })
      .click()
    // Another card's menu may still be fading out.
    await page
      .getByRole('menu', { name: `Actions of ${name}`, exact: true })
      .getByRole('menuitem', { name: item })
      .click()
  }
  const dialog = page.getByRole('dialog')
  return {
    heading: page.getByRole('heading', { level: 1, name: 'Projects' }),
    card,
    cards: page.getByRole('article'),
    menu,
    create: page.getByRole('button', { name: 'New project' }).first(),
    importLab: page.getByRole('button', { name: 'Import' }),
    dialog,
    name: dialog.getByRole('textbox', { name: 'Name' }),
    description: dialog.getByRole('textbox', { name: 'Description' }),
    submit: dialog.getByRole('button', { name: 'Create' }),
    fileInput: dialog.locator('input[type=file]'),
    problem: dialog.getByRole('alert'),
    renameField: page.getByRole('textbox', { name: 'Name of the project' }),
    trashSwitch: page.getByRole('radio', { name: 'Trash' }),
    projectsSwitch: page.getByRole('radio', { name: 'Projects' }),
    restore: (name: string): Locator => card(name).getByRole('button', { name: 'Restore' }),
    empty: page.getByText('There is no project yet'),
  }
}
