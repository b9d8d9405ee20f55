import type { Locator, Page } from '@playwright/test'

export const settingsSections = [
  'Keys',
  'Services and hosts',
  'Prices',
  'Appearance',
  'Shortcuts',
  'Privacy',
  'Data',
  'Network log',
] as const

export const settings = (page: Page) => ({
  section: (name: string): Locator => page.getByRole('region', { name, exact: true }),
  sectionLink: (name: string): Locator =>
    page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name, exact: true }),
  scheme: (name: string): Locator => page.getByRole('radio', { name, exact: true }),
  setKey: (service: string): Locator => page.getByRole('button', { name: `Set the key of ${service}` }),
  singleLetters: page.getByRole('switch', { name: 'Single-letter keys' }),
  keysOf: (label: string): Locator => page.getByRole('button', { name: `for ${label}: change` }),
  resetKeysOf: (label: string): Locator => page.getByRole('button', { name: `Reset the keys of: ${label}` }),
  findPrice: page.getByRole('textbox', { name: 'Find a model' }),
  addPrice: page.getByRole('button', { name: 'Add a price' }),
  priceField: (name: string): Locator =>
    page.getByRole('form', { name: 'Add a price' }).getByRole('textbox', { name, exact: true }),
  savePrice: page.getByRole('button', { name: 'Save', exact: true }),
  prices: page.getByRole('grid', { name: 'Prices' }),
  backUp: page.getByRole('button', { name: 'Back up now' }),
  verify: page.getByRole('button', { name: 'Verify' }),
  requests: page.getByRole('grid', { name: 'Outgoing requests' }),
  beyondOnly: page.getByRole('radio', { name: 'Beyond this computer' }),
})
