import { LabError, type Problem } from '../domain/errors.ts'
import type { JsonValue } from '../domain/json.ts'
import type { TableRow } from './table.ts'
import { optionalText, Rejected, ratingOf, repetitionOf, text } from './table-fields.ts'
import { listed } from './wording.ts'

/** One answer that the judge rated, and perhaps a person. Ratings lie in [0, 1]. */
export type JudgeRating = {
  readonly case: string
  readonly variant: string
  /** Null where the table does not say: then there must be one model only. */
  readonly model: string | null
  readonly repetition: number
  readonly human: number | null
  readonly judge: number
}

const required = ['case', 'variant', 'human', 'judge'] as const

const isEmpty = (value: JsonValue | undefined): boolean => value === undefined || value === null || value === ''

/**
 * A table of human and judge ratings: `case, variant, human, judge` and optional `model, repetition`; `human` is empty where
 * nobody rated. Throws LabError `lab-file` with every bad row.
 */
export const judgeRatings = (rows: readonly TableRow[], file: string | null): readonly JudgeRating[] => {
  const fail = (problems: readonly Problem[]): never => {
    throw new LabError('lab-file', problems[0]?.message ?? 'the table of ratings cannot be read', { problems })
  }
  const columns = new Set(rows.flatMap((row) => Object.keys(row.cells)))
  const missing = required.filter((column) => !columns.has(column)).map((name) => `\`${name}\``)
  if (missing.length > 0) {
    const message = `the table has no column ${listed(missing)}; it needs case, variant, human and judge`
    fail([{ message, file, line: 1, column: null }])
  }
  const problems: Problem[] = []
  const seen = new Set<string>()
  const ratings: JudgeRating[] = []
  for (const { line, cells } of rows) {
    try {
      const rating: JudgeRating = {
        case: text(cells.case, 'case'),
        variant: text(cells.variant, 'variant'),
        model: optionalText(cells.model, 'model'),
        repetition: repetitionOf(cells.repetition) ?? 1,
        human: isEmpty(cells.human) ? null : ratingOf(cells.human, 'human'),
        judge: ratingOf(cells.judge, 'judge'),
      }
      const key = JSON.stringify([rating.case, rating.variant, rating.model, rating.repetition])
      if (seen.has(key)) throw new Rejected(`case ${rating.case} of ${rating.variant} is rated twice`)
      seen.add(key)
      ratings.push(rating)
    } catch (error) {
      if (!(error instanceof Rejected)) throw error
      problems.push({ message: error.message, file, line, column: null })
    }
  }
  if (problems.length > 0) fail(problems)
  return ratings
}
