import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createPhilox } from '../src-core/ports/philox.ts'
import { crashFault, crashTrial } from './crash-trial.ts'
import { startLoopbackServer } from './loopback-server.ts'

it('a run killed at any moment loses nothing, doubles nothing and repeats at most what was in flight', {
  timeout: 90_000,
}, async () => {
  const random = createPhilox(9)
  const folder = mkdtempSync(join(tmpdir(), 'crash-'))
  const server = await startLoopbackServer({ latencyMs: 20 })
  try {
    let killed = 0
    for (let n = 0; n < 5; n++) {
      const trial = {
        url: server.url,
        path: join(folder, `${n}.db`),
        cells: 200,
        concurrency: 8,
        salt: `trial ${n}.`,
        killAfterMs: 60 + random.uniform('kill', n) * 450,
        requests: async () => structuredClone(server.stats),
      }
      const result = await crashTrial(trial)
      expect(crashFault(trial, result), JSON.stringify(result)).toBeNull()
      if (!result.ended) killed++
    }
    expect(killed).toBeGreaterThan(0)
  } finally {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
