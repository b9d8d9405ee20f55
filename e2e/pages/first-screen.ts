import type { Locator, Page } from '@playwright/test'

/** What every window shows, whatever is in the lab. */
export const firstScreen = (page: Page): { readonly main: Locator; readonly heading: Locator } => ({
  main: page.getByRole('main'),
  heading: page.getByRole('main').getByRole('heading', { level: 1 }),
})
