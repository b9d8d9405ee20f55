/** Steps of a path such as `choices[0].message.content`, `$.a["b c"]` or `0.text`; null for text that is none. */
export const parseJsonPath = (path: string): readonly string[] | null => {
  const steps: string[] = []
  let rest = path.replace(/^\$/, '')
  while (rest !== '') {
    const match = /^(?:\.?([^.[\]"'\s][^.[\]"']*)|\[(\d+)\]|\["([^"]+)"\]|\['([^']+)'\])/.exec(rest)
    if (match === null) return null
    steps.push(match[1] ?? match[2] ?? match[3] ?? match[4] ?? '')
    rest = rest.slice(match[0].length)
  }
  return steps.length === 0 ? null : steps
}

export const isJsonPath = (path: string): boolean => parseJsonPath(path) !== null

/** The value at a path; undefined where there is none. Only own members: `__proto__` and the like lead nowhere. */
export const valueAt = (value: unknown, path: string): unknown => {
  let here = value
  for (const step of parseJsonPath(path) ?? []) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined
    here = (here as Record<string, unknown>)[step]
  }
  return here
}
