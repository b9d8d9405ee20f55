import { z } from 'zod'
import { canonicalJson, type JsonValue } from '../domain/json.ts'
import { defineEvaluator, failed, type ParameterProblem, scored, type Verdict } from './definition.ts'
import { bestOf, expectedShape } from './expected.ts'
import { codeFenceShape } from './json.ts'
import { parseJson } from './json-text.ts'
import { pathSteps, placeRule, valueAt } from './place.ts'
import { f1Score } from './set.ts'
import { excerpt, foldCase, plain } from './text.ts'

type Options = { readonly ignoreCase: boolean; readonly ignoreOrder: boolean }

/**
 * The leaves of a value as `path = value`, with how often each stands there. An empty object or list is a leaf of its own;
 * with `ignoreOrder` the items of a list share one path.
 */
const leavesOf = (value: JsonValue, options: Options): Map<string, number> => {
  const leaves = new Map<string, number>()
  const walk = (node: JsonValue, path: string): void => {
    const members =
      typeof node !== 'object' || node === null ? [] : Object.entries(node as Readonly<Record<string, JsonValue>>)
    if (members.length > 0) {
      const index = (key: string) =>
        Array.isArray(node) ? (options.ignoreOrder ? '[]' : `[${key}]`) : `.${JSON.stringify(key)}`
      for (const [key, member] of members) walk(member, path + index(key))
      return
    }
    const text = typeof node === 'string' ? plain(node).trim() : node
    const leaf = `${path} = ${canonicalJson(typeof text === 'string' && options.ignoreCase ? foldCase(text) : text)}`
    leaves.set(leaf, (leaves.get(leaf) ?? 0) + 1)
  }
  walk(value, '$')
  return leaves
}

const total = (leaves: ReadonlyMap<string, number>): number =>
  [...leaves.values()].reduce((sum, count) => sum + count, 0)

const restrictedTo = (value: JsonValue, only: readonly string[] | undefined): JsonValue => {
  if (only === undefined) return value
  const picked = only.flatMap((path) => {
    const found = valueAt(value, pathSteps(path.startsWith('$') ? path : `$.${path}`) ?? [])
    return found === undefined ? [] : [[path, found] as const]
  })
  return Object.fromEntries(picked)
}

export const jsonFields = defineEvaluator({
  type: 'json-fields',
  label: 'JSON fields',
  summary: 'F1 over the fields (path and value) of the output and of the expected JSON.',
  version: 1,
  needs: ['expected'],
  example: { type: 'json-fields', ignoreCase: true, threshold: 1 },
  params: z.object({
    ...expectedShape,
    ...codeFenceShape,
    only: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('Paths that count, such as intent or $.slots.city; all unless given'),
    ignoreCase: z.boolean().default(false),
    ignoreOrder: z.boolean().default(false).describe('The order of lists does not count'),
  }),
  threshold: 0.5,
  check: ({ only }): ParameterProblem[] =>
    (only ?? []).flatMap((path, index) =>
      pathSteps(path.startsWith('$') ? path : `$.${path}`) === null
        ? [{ path: ['only', index], message: placeRule }]
        : [],
    ),
  prepare: ({ only, allowCodeFence, ...options }) =>
    bestOf((expected, { text, value }): Verdict => {
      const wanted =
        typeof expected === 'string' ? parseJson(expected, { codeFence: true }) : { ok: true as const, value: expected }
      if (!wanted.ok) return failed(`expected ${excerpt(String(expected))} is not JSON: ${wanted.reason}`)
      const came =
        typeof value === 'string' ? parseJson(text, { codeFence: allowCodeFence }) : { ok: true as const, value }
      if (!came.ok) return scored(0, `not JSON: ${came.reason}`)
      const want = leavesOf(restrictedTo(wanted.value, only), options)
      const have = leavesOf(restrictedTo(came.value, only), options)
      let common = 0
      for (const [leaf, count] of want) common += Math.min(count, have.get(leaf) ?? 0)
      const wrong = [...want.keys()].filter((leaf) => (have.get(leaf) ?? 0) < (want.get(leaf) ?? 0))
      return scored(
        f1Score(common, total(have), total(want)),
        `${common} of ${total(want)} fields right, ${total(have)} given${wrong.length === 0 ? '' : `; not found: ${excerpt(wrong.join('; '), 160)}`}`,
      )
    }),
})
