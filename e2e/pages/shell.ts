import type { Locator, Page } from '@playwright/test'

/** What surrounds every screen: rail, tabs, palette, sheet, status bar, messages. */
export const shell = (page: Page) => {
  const rail = page.getByRole('navigation', { name: 'Main' })
  const palette = page.getByRole('dialog', { name: /^(Commands|Go to object)$/ })
  return {
    heading: page.getByRole('main').getByRole('heading', { level: 1 }),
    rail,
    railLink: (name: string): Locator => rail.getByRole('link', { name }),
    status: page.getByRole('contentinfo', { name: 'Status' }),
    message: (text: string | RegExp): Locator => page.getByRole('status', { name: 'Messages' }).getByText(text),
    messageButton: (name: string): Locator =>
      page.getByRole('status', { name: 'Messages' }).getByRole('button', { name }),
    palette,
    paletteField: palette.getByRole('combobox'),
    paletteEntries: palette.getByRole('option'),
    sheet: page.getByRole('dialog', { name: 'Keyboard shortcuts' }),
    skipLink: page.getByRole('link', { name: 'Skip to the content' }),
    root: page.locator('html'),
    /** Goes to an address of the app as if it were typed. */
    open: async (path: string): Promise<void> => {
      await page.evaluate((to) => {
        window.location.hash = to
      }, path)
    },
    path: async (): Promise<string> => page.evaluate(() => window.location.hash.slice(1).split('?')[0] ?? ''),
  }
}
