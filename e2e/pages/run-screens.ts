import type { Locator, Page } from '@playwright/test'

export type RunScreen = 'live' | 'results' | 'compare' | 'report'
const titles: Readonly<Record<RunScreen, string>> = {
  live: 'Run',
  results: 'Results',
  compare: 'Compare',
  report: 'Report',
}

/** The screens of one run, and the response beside them. */
export const runScreens = (page: Page) => {
  const main = page.getByRole('main')
  const inspector = page.getByRole('complementary', { name: 'Inspector' })
  const grid = page.getByRole('grid', { name: 'Results by case and column' })
  const modes = page.getByRole('group', { name: 'Show cases' })
  const kinds = page.getByRole('group', { name: 'Cases by what changed' })
  const chart = (name: string): Locator => page.getByRole('figure', { name, exact: true })
  return {
    heading: (screen: RunScreen): Locator => main.getByRole('heading', { level: 1, name: titles[screen], exact: true }),
    link: (screen: RunScreen): Locator =>
      page
        .getByRole('navigation', { name: 'Screens of this run' })
        .getByRole('link', { name: titles[screen], exact: true }),
    grid,
    rows: grid.getByRole('row'),
    cell: (row: number, column: number): Locator =>
      grid.locator(`[aria-rowindex="${row + 2}"] [aria-colindex="${column + 1}"]`),
    activeRow: (): Promise<number> =>
      grid.evaluate((element) => {
        const id = element.getAttribute('aria-activedescendant') ?? ''
        return Number(document.getElementById(id)?.closest('[role="row"]')?.getAttribute('aria-rowindex')) - 2
      }),
    mode: (name: string): Locator => modes.getByRole('button', { name: new RegExp(`^${name}`) }),
    find: page.getByRole('textbox', { name: 'Find in cases and answers' }),
    mark: (name: string): Locator => main.getByRole('button', { name }),
    reason: page.getByRole('textbox', { name: 'Why are they left out?' }),
    confirmExclusion: page.getByRole('dialog').getByRole('button', { name: 'Exclude' }),
    inspector,
    response: page.getByRole('region', { name: 'Response text' }),
    formatted: page.getByRole('region', { name: 'Formatted response' }),
    showFormatted: inspector.getByText('Formatted', { exact: true }),
    rating: (name: 'Pass' | 'Fail'): Locator =>
      page.getByRole('region', { name: 'Your rating' }).getByRole('button', { name: new RegExp(`^${name}`) }),
    comment: page.getByRole('textbox', { name: 'Comment' }),
    kind: (name: string): Locator => kinds.getByRole('button', { name: new RegExp(`^${name}`) }),
    comparison: page.getByRole('group', { name: 'Paired difference' }),
    cases: page.getByRole('grid', { name: 'Cases, baseline and candidate' }),
    answers: page.getByRole('region', { name: 'Difference of the answers' }),
    chart,
    asTable: (name: string): Locator => chart(name).getByText('Table', { exact: true }),
    answer: page.getByRole('region', { name: 'Answer' }),
    exportMenu: page.getByRole('button', { name: 'Export' }),
    exportAs: (name: string): Locator => page.getByRole('menuitem', { name }),
    progress: page.getByRole('progressbar', { name: 'Cells' }),
    progressCard: page.getByRole('group', { name: 'Progress' }),
    newest: page.getByRole('list', { name: 'Newest results' }),
    control: (name: string): Locator => page.getByRole('button', { name: new RegExp(`^${name}`) }),
    capField: (name: string): Locator => page.getByRole('dialog').getByRole('textbox', { name }),
    useCap: page.getByRole('dialog').getByRole('button', { name: 'Use this cap' }),
    dialog: page.getByRole('dialog'),
    dialogButton: (name: string): Locator => page.getByRole('dialog').getByRole('button', { name }),
  }
}
