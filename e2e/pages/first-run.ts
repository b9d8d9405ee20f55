import type { Locator, Page } from '@playwright/test'

export const firstRun = (page: Page) => {
  const card = (name: string): Locator => page.getByRole('region', { name })
  return {
    heading: page.getByRole('heading', { level: 1, name: 'Welcome to Prompt Lab' }),
    sampleCard: card('Open the sample lab'),
    openSample: page.getByRole('button', { name: 'Open the sample lab' }),
    localCard: card('Use a model on this computer'),
    keyCard: card('Add an API key'),
    addKey: page.getByRole('button', { name: 'Add an API key' }),
    /** The table of results, whichever screen shows it first. */
    matrix: page.getByRole('grid').first(),
  }
}
