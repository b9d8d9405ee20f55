/** Addresses of one run's screens. Project and experiment are the address; everything else is view state in the query. */
export const runScreens = ['live', 'results', 'compare', 'report'] as const
export type RunScreen = (typeof runScreens)[number]

export const runPath = (
  screen: RunScreen,
  run: { readonly project: number; readonly experiment: string },
  query: Readonly<Record<string, string>> = {},
): string => {
  const text = new URLSearchParams(query).toString()
  return `/p/${run.project}/${screen}/${encodeURIComponent(run.experiment)}${text === '' ? '' : `?${text}`}`
}

/** The query parameter by which the shell shows a response in the inspector, beside whatever screen stands there. */
export const cellParam = 'cell'
