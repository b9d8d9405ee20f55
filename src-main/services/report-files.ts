import { mkdir, open, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Execution } from '../../src-core/domain/execution.ts'
import type { ExperimentReport } from '../../src-core/domain/report.ts'
import { renderCsv } from '../../src-core/experiment/render/csv.ts'
import { renderExecutions } from '../../src-core/experiment/render/executions.ts'
import { renderHtml } from '../../src-core/experiment/render/html.ts'
import { renderJson } from '../../src-core/experiment/render/json.ts'
import { renderJunit } from '../../src-core/experiment/render/junit.ts'
import { renderMarkdown } from '../../src-core/experiment/render/markdown.ts'

/**
 * Writes the report in every form, and the rows, into a folder; returns the file names. A file appears under its name
 * only when it is whole.
 */
export const writeReportFiles = async (
  folder: string,
  report: ExperimentReport,
  executions: AsyncIterable<Execution> | null,
): Promise<readonly string[]> => {
  await mkdir(folder, { recursive: true })
  const texts: Readonly<Record<string, string>> = {
    'report.html': renderHtml(report),
    'report.md': renderMarkdown(report),
    'report.csv': renderCsv(report),
    'report.json': `${renderJson(report)}\n`,
    'junit.xml': renderJunit(report),
  }
  for (const [name, text] of Object.entries(texts)) {
    const part = join(folder, `${name}.part`)
    await writeFile(part, text)
    await rename(part, join(folder, name))
  }
  if (executions === null) return Object.keys(texts)
  const part = join(folder, 'executions.jsonl.part')
  const file = await open(part, 'w')
  try {
    let page: Execution[] = []
    const flush = async () => {
      await file.write(renderExecutions(page))
      page = []
    }
    for await (const execution of executions) {
      page.push(execution)
      if (page.length >= 500) await flush()
    }
    await flush()
  } finally {
    await file.close()
  }
  await rename(part, join(folder, 'executions.jsonl'))
  return [...Object.keys(texts), 'executions.jsonl']
}
