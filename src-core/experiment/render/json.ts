import type { ExperimentReport } from '../../domain/report.ts'

/** Name and version of the object of `run`, `analyze` and `score`. */
export const reportSchema = 'report/1'

/** The report as one line of JSON with `schema` and `labVersion` first. NaN and infinities cannot occur: unknown is null. */
export const renderJson = (report: ExperimentReport): string =>
  JSON.stringify({ schema: reportSchema, labVersion: report.reproduction.labVersion, ...report })
