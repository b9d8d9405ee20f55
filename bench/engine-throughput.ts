import { statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { measure, startLoopbackProcess } from './child.ts'
import { print } from './figure.ts'
import { writeBenchLab } from './lab-file.ts'
import { benchPlace } from './place.ts'

/**
 * The whole program, as a person starts it: `promptlab run LAB`, measured from process start to exit, against a server of
 * fixed latency in another process. Ideal = calls / concurrency x latency.
 */
const concurrency = 32
const latencyMs = 50
const bounds = [
  { calls: 1000, ideal: 1.35, cpuSeconds: 1.5, peakMb: 220, databaseMb: null },
  { calls: 10_000, ideal: 1.15, cpuSeconds: 8, peakMb: 300, databaseMb: 60 },
] as const

const place = benchPlace()
const server = await startLoopbackProcess({ latencyMs })
const command = fileURLToPath(new URL('../bin/promptlab.js', import.meta.url))
try {
  for (const { calls, ideal, cpuSeconds, peakMb, databaseMb } of bounds) {
    const database = join(place.folder, `${calls}.db`)
    const lab = writeBenchLab(place.folder, { url: server.url, cases: calls / 2, concurrency, name: `bench-${calls}` })
    const before = await server.stats()
    const used = await measure(process.execPath, [command, 'run', lab, '--db', database, '--json', '--quiet', '--yes'])
    const report = JSON.parse(used.stdout) as { status: string; results: number; failed: number; attempts: number }
    const requests = (await server.stats()).requests - before.requests
    if (report.status !== 'done' || report.results !== calls || report.failed !== 0 || requests !== calls)
      throw new Error(`not a clean run: ${JSON.stringify({ ...report, requests, code: used.code })}`)
    const name = `engine, ${calls} calls, concurrency ${concurrency}, ${latencyMs} ms, ${place.fileSystem}`
    print(`${name}: wall / ideal`, used.wallMs / ((calls / concurrency) * latencyMs), { bound: ideal, unit: 'ratio' })
    print(`${name}: CPU`, used.cpuSeconds, { bound: cpuSeconds, unit: 's' })
    print(`${name}: peak memory`, used.peakMb, { bound: peakMb, unit: 'MB' })
    const bytes = [database, `${database}-wal`].reduce(
      (sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
      0,
    )
    print(`${name}: database with log`, bytes / 2 ** 20, { bound: databaseMb, unit: 'MB' })
  }
} finally {
  server.close()
  place.remove()
}
