import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** No violation of WCAG 2.2 A and AA that axe can see, in the theme that is on. */
export const expectAccessible = async (page: Page, what: string): Promise<void> => {
  // Half faded in, any text has too little contrast: axe looks when everything has come to rest.
  // What moves for ever (a skeleton, a bar without an end) is at rest as far as contrast goes.
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .filter((animation) => animation.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY)
      .every((animation) => animation.playState !== 'running'),
  )
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
  expect(found, what).toEqual([])
}

export const themes = ['light', 'dark'] as const

/** The same look at a screen in both themes. */
export const expectAccessibleInBothThemes = async (page: Page, what: string): Promise<void> => {
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme })
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme)
    await expectAccessible(page, `${what}, ${colorScheme}`)
  }
}
