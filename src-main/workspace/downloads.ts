import type { ExperimentReport } from '../../src-core/domain/report.ts'
import { renderCsv } from '../../src-core/experiment/render/csv.ts'
import { renderHtml } from '../../src-core/experiment/render/html.ts'
import { renderJson } from '../../src-core/experiment/render/json.ts'
import { renderJunit } from '../../src-core/experiment/render/junit.ts'
import { renderMarkdown } from '../../src-core/experiment/render/markdown.ts'
import type { DownloadFormat, TextFile } from './experiment-types.ts'

const formats: Readonly<
  Record<
    DownloadFormat,
    { readonly ending: string; readonly mime: string; readonly render: (report: ExperimentReport) => string }
  >
> = {
  html: { ending: 'html', mime: 'text/html', render: renderHtml },
  markdown: { ending: 'md', mime: 'text/markdown', render: renderMarkdown },
  csv: { ending: 'csv', mime: 'text/csv', render: renderCsv },
  json: { ending: 'json', mime: 'application/json', render: (report) => `${renderJson(report)}\n` },
  junit: { ending: 'xml', mime: 'application/xml', render: (report) => renderJunit(report) },
}

/** The report as a file, by the same renderers as the command line's. */
export const downloadOf = (report: ExperimentReport, format: DownloadFormat): TextFile => {
  const { ending, mime, render } = formats[format]
  return { name: `report-${report.experiment ?? 'table'}.${ending}`, mime, text: render(report) }
}
