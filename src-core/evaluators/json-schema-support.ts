import type { JsonValue } from '../domain/json.ts'
import type { ParameterProblem } from './definition.ts'

export const unsupportedKeywords = (_schema: JsonValue): readonly ParameterProblem[] => []
