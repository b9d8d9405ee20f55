import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { LabError, type Problem } from '../../src-core/domain/errors.ts'
import { type JudgeRating, judgeRatings } from '../../src-core/experiment/judge-table.ts'
import type { ReportInput } from '../../src-core/experiment/outcome.ts'
import { type TableRow, tableInput } from '../../src-core/experiment/table.ts'
import { labVersion } from '../package-root.ts'
import { readCaseFile } from './case-files.ts'
import type { AnalysisFlags } from './experiments.ts'

const readRows = async (file: string): Promise<readonly TableRow[]> => {
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'there is no such file' : cause.message
    throw new LabError('not-found', `cannot read the table ${file}: ${why}`, { cause })
  })
  const source = await readCaseFile({ name: basename(file), bytes, sheet: null })
  const problems: Problem[] = [
    ...source.problems.map((problem) => ({ ...problem, file })),
    ...source.rejects.map(({ line, reason }) => ({
      file,
      line,
      column: null,
      message: `the row cannot be read: ${reason}`,
    })),
  ]
  if (problems.length > 0) throw new LabError('lab-file', problems[0]?.message ?? '', { problems })
  return source.rows
}

/**
 * Results made elsewhere. A row that cannot be read stops the analysis with every problem named: a table with rows left
 * out would give a verdict on other data than the person has. Throws LabError 'not-found' or 'lab-file'.
 */
export const readResultTable = async (file: string, { baseline, ...plan }: AnalysisFlags): Promise<ReportInput> =>
  tableInput(await readRows(file), { file, baseline, plan, labVersion: labVersion() })

/** A table of human and judge ratings, with the same care. */
export const readJudgeRatings = async (file: string): Promise<readonly JudgeRating[]> =>
  judgeRatings(await readRows(file), file)
