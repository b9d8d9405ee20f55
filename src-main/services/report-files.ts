import { mkdir, open, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Execution } from '../../src-core/domain/execution.ts'
import type { ExperimentReport } from '../../src-core/domain/report.ts'
import { renderCsv } from '../../src-core/experiment/render/csv.ts'
import { renderExecutions } from '../../src-core/experiment/render/executions.ts'
import { renderHtml } from '../../src-core/experiment/render/html.ts'
import { renderJson } from '../../src-core/experiment/render/json.ts'
import { type JunitCase, renderJunit } from '../../src-core/experiment/render/junit.ts'
import { renderMarkdown } from '../../src-core/experiment/render/markdown.ts'

const pageSize = 500
/** So many cells without an answer are listed one by one for a build server; more would hide the rest of its page. */
const errorsListed = 1000

/**
 * Writes the report in every form, and the rows, into a folder; returns the file names. A file appears under its name
 * only when it is whole. In junit.xml a gate is a test, and a cell without an answer an error: a run that measured nothing
 * must not look green.
 */
export const writeReportFiles = async (
  folder: string,
  report: ExperimentReport,
  executions: AsyncIterable<Execution> | null,
): Promise<readonly string[]> => {
  await mkdir(folder, { recursive: true })
  const errors = executions === null ? [] : await writeExecutions(folder, executions)
  const texts: Readonly<Record<string, string>> = {
    'report.html': renderHtml(report),
    'report.md': renderMarkdown(report),
    'report.csv': renderCsv(report),
    'report.json': `${renderJson(report)}\n`,
    'junit.xml': renderJunit(report, errors),
  }
  for (const [name, text] of Object.entries(texts)) {
    const part = join(folder, `${name}.part`)
    await writeFile(part, text)
    await rename(part, join(folder, name))
  }
  return executions === null ? Object.keys(texts) : [...Object.keys(texts), 'executions.jsonl']
}

/** Writes the rows in pages and gives back those without an answer. */
const writeExecutions = async (folder: string, executions: AsyncIterable<Execution>): Promise<readonly JunitCase[]> => {
  const errors: JunitCase[] = []
  const part = join(folder, 'executions.jsonl.part')
  const file = await open(part, 'w')
  try {
    let page: Execution[] = []
    const flush = async () => {
      await file.write(renderExecutions(page))
      page = []
    }
    for await (const execution of executions) {
      if (execution.failure !== null && errors.length < errorsListed) errors.push(errorOf(execution))
      page.push(execution)
      if (page.length >= pageSize) await flush()
    }
    await flush()
  } finally {
    await file.close()
  }
  await rename(part, join(folder, 'executions.jsonl'))
  return errors
}

const errorOf = (execution: Execution): JunitCase => ({
  variant: execution.variant,
  model: execution.model,
  case: execution.case,
  repetition: execution.repetition,
  passed: execution.passed,
  failed: true,
  score: execution.score,
  latencyMs: execution.latencyMs,
  message: execution.failure === null ? '' : `${execution.failure.code}: ${execution.failure.message}`,
})
