import type { JsonValue } from '../domain/json.ts'
import type { EvaluationInput } from './evaluator.ts'
import { parseJson } from './json-text.ts'

/** `output`, `$`, `$.a.b[0]["c d"]` or `{name}`. */
export const placeRule = 'where to look is output, a JSON path of it such as $.a.b[0], or a variable such as {name}'

export const isPlace = (place: string): boolean =>
  place === 'output' || variableOf(place) !== null || pathSteps(place) !== null

const variableOf = (place: string): string | null => place.match(/^\{([\p{L}_][\p{L}\p{N}_]*)\}$/u)?.[1] ?? null

type Step = string | number

/** The steps of a JSON path of names and indices (no wildcards, no filters); null where it is none. */
export const pathSteps = (path: string): readonly Step[] | null => {
  if (!path.startsWith('$')) return null
  const steps: Step[] = []
  const step = /\.([\p{L}_$][\p{L}\p{N}_$-]*)|\[(-?\d{1,9})\]|\["((?:[^"\\]|\\.)*)"\]|\['([^'\\]*)'\]/uy
  step.lastIndex = 1
  while (step.lastIndex < path.length) {
    const found = step.exec(path)
    if (found === null) return null
    const [, name, index, quoted, single] = found
    if (index !== undefined) steps.push(Number(index))
    else if (quoted !== undefined) {
      const parsed = parseJson(`"${quoted}"`)
      if (!parsed.ok) return null
      steps.push(String(parsed.value))
    } else steps.push(name ?? single ?? '')
  }
  return steps
}

/** A negative index counts from the end. Undefined where nothing stands there; inherited members are nothing. */
export const valueAt = (root: JsonValue, steps: readonly Step[]): JsonValue | undefined => {
  let value: JsonValue | undefined = root
  for (const step of steps) {
    if (Array.isArray(value)) {
      const list: readonly JsonValue[] = value
      value = typeof step === 'number' ? list.at(step) : undefined
    } else if (typeof value === 'object' && value !== null && typeof step === 'string' && Object.hasOwn(value, step)) {
      value = (value as Readonly<Record<string, JsonValue>>)[step]
    } else return undefined
  }
  return value
}

export type Picked =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly kind: 'absent' | 'failed'; readonly reason: string }

/**
 * What stands at a place. An output that is not JSON, or has no such path, is the model's fault ('absent'); a variable that
 * the case lacks is the lab's ('failed'). A code fence around the JSON is allowed here.
 */
export const pick = (place: string, input: EvaluationInput): Picked => {
  if (place === 'output') return { ok: true, value: input.response.output }
  const name = variableOf(place)
  if (name !== null) {
    const { inputs } = input.testCase
    if (!Object.hasOwn(inputs, name)) return { ok: false, kind: 'failed', reason: `the case has no variable {${name}}` }
    return { ok: true, value: inputs[name] ?? null }
  }
  const steps = pathSteps(place)
  if (steps === null) return { ok: false, kind: 'failed', reason: `${place} is no place: ${placeRule}` }
  const parsed = parseJson(input.response.output, { codeFence: true })
  if (!parsed.ok)
    return { ok: false, kind: 'absent', reason: `the output is not JSON (${parsed.reason}), so it has no ${place}` }
  const value = valueAt(parsed.value, steps)
  if (value === undefined) return { ok: false, kind: 'absent', reason: `the output has no ${place}` }
  return { ok: true, value }
}
