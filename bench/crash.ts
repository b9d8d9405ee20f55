import { join } from 'node:path'
import { createPhilox } from '../src-core/ports/philox.ts'
import { startLoopbackProcess } from './child.ts'
import { crashFault, crashTrial } from './crash-trial.ts'
import { print } from './figure.ts'
import { benchPlace } from './place.ts'

/** kill -9 at a random moment of a 1,000-cell run, a hundred times (or as many as the first argument says). */
const trials = Number(process.argv[2] ?? 100)
const cells = 1000
const concurrency = 32
const latencyMs = 20

const random = createPhilox(2026)
const place = benchPlace()
const server = await startLoopbackProcess({ latencyMs })
const faults: string[] = []
let killed = 0
let mostRepeated = 0
try {
  for (let n = 0; n < trials; n++) {
    const trial = {
      url: server.url,
      path: join(place.folder, `crash-${n}.db`),
      cells,
      concurrency,
      salt: `trial ${n}.`,
      killAfterMs: random.uniform('kill', n) * 1.1 * (cells / concurrency) * latencyMs,
      requests: server.stats,
    }
    const result = await crashTrial(trial)
    const fault = crashFault(trial, result)
    if (fault !== null) faults.push(`trial ${n}: ${fault}`)
    if (!result.ended) killed++
    mostRepeated = Math.max(mostRepeated, result.repeated)
  }
} finally {
  server.close()
  place.remove()
}
for (const fault of faults) process.stderr.write(`${fault}\n`)
const name = `kill -9, ${trials} runs of ${cells} cells, ${place.fileSystem}`
print(`${name}: runs killed before their end`, killed, { bound: Math.floor(trials * 0.5), unit: 'runs', most: false })
print(`${name}: results lost or doubled, or ledger below the server`, faults.length, { bound: 0, unit: 'runs' })
print(`${name}: most calls repeated by one resume`, mostRepeated, { bound: concurrency, unit: 'calls' })
