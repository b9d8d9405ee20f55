/**
 * `node scripts/store-sample-runs.ts DATABASE`: writes the newest finished run of every sample in that database to
 * resources/samples/NAME/run/run.jsonl. Make them first, on a real model, with
 * `promptlab run resources/samples/NAME --db DATABASE --no-cache`.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Execution } from '../src-core/domain/execution.ts'
import { openLab } from '../src-main/lab.ts'
import { resourcePath } from '../src-main/package-root.ts'
import { sampleRunText } from '../src-main/services/sample-run-file.ts'
import { listSamples } from '../src-main/services/samples.ts'

const [db] = process.argv.slice(2)
if (db === undefined) {
  console.error('name the database: node scripts/store-sample-runs.ts DATABASE')
  process.exit(1)
}
const lab = await openLab({ db })
try {
  const records = await lab.store.experiments()
  for (const { name } of await listSamples()) {
    const record = records.find((one) => one.project === name && one.status === 'done')
    if (record === undefined) {
      console.log(`${name}: no finished run in ${db}`)
      process.exitCode = 1
      continue
    }
    const report = await lab.experiments.report(record.id)
    if (report.reproduction.models.some((model) => model.simulated || model.digest === null) || report.failed > 0) {
      throw new Error(`${name}: only a whole run on a real model that names its weights is shipped`)
    }
    const executions: Execution[] = []
    for await (const execution of lab.experiments.executions(record.id)) executions.push(execution)
    const text = sampleRunText(name, {
      report,
      snapshot: await lab.store.snapshot(record.id),
      startedAt: record.startedAt,
      executions,
    })
    const file = resourcePath('samples', name, 'run', 'run.jsonl')
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    console.log(`${name}: ${report.results} cells, ${(text.length / 1000).toFixed(0)} kB`)
  }
} finally {
  await lab.close()
}
