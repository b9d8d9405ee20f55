import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { LabError, type Problem } from '../../src-core/domain/errors.ts'
import type { ReportInput } from '../../src-core/experiment/outcome.ts'
import { tableInput } from '../../src-core/experiment/table.ts'
import { labVersion } from '../package-root.ts'
import { readCaseFile } from './case-files.ts'
import type { AnalysisFlags } from './experiments.ts'

/**
 * Results made elsewhere. A row that cannot be read stops the analysis with every problem named: a table with rows left
 * out would give a verdict on other data than the person has. Throws LabError 'not-found' or 'lab-file'.
 */
export const readResultTable = async (file: string, { baseline, ...plan }: AnalysisFlags): Promise<ReportInput> => {
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
  return tableInput(source.rows, { file, baseline, plan, labVersion: labVersion() })
}
