import { appendFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { callId } from '../../src-core/domain/ids.ts'
import type { CallEnd } from '../../src-core/ports/store.ts'
import { openLanding, readLanded } from './landing.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'landing-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const end = (n: number, output = 'ham €'): CallEnd => ({
  call: callId(`task:x:${n}`),
  attempt: 1,
  final: true,
  response: {
    output,
    finishReason: 'stop',
    servedModel: null,
    inputTokens: 1,
    outputTokens: 1,
    cachedInputTokens: null,
    latencyMs: 1,
    firstTokenMs: null,
    batched: false,
  },
  failure: null,
  httpStatus: 200,
  costUsd: 0,
  endedAt: '2026-11-23T00:00:00.000Z',
  cacheKey: null,
})

describe('the landing file', () => {
  it('keeps what the database does not have yet, whatever the moment of death', () => {
    const path = join(folder, 'l')
    const landing = openLanding(path)
    landing.land(end(1))
    landing.land(end(2))
    landing.land({ ...end(3), final: false })
    expect(readLanded(path)).toEqual([end(1), end(2)])
    appendFileSync(path, '{"call":"task:x:9","att')
    expect(readLanded(path)).toEqual([end(1), end(2)])
  })

  it('is gone when the database has everything, and stays when it has not', () => {
    const path = join(folder, 'l')
    const whole = openLanding(path)
    whole.land(end(1))
    whole.committed([end(1)])
    whole.close()
    expect(existsSync(path)).toBe(false)
    const broken = openLanding(path)
    broken.land(end(1))
    broken.land(end(2))
    broken.committed([end(1)])
    broken.close()
    expect(readLanded(path).map((one) => one.call)).toContain('task:x:2')
    expect(readLanded(join(folder, 'never'))).toEqual([])
  })

  it('does not grow with the run', () => {
    const path = join(folder, 'l')
    const landing = openLanding(path)
    const long = 'x'.repeat(100_000)
    for (let n = 0; n < 200; n++) {
      landing.land(end(n, long))
      if (n > 0) landing.committed([end(n - 1)])
    }
    expect(statSync(path).size).toBeLessThan(5 * 2 ** 20)
    expect(readLanded(path).map((one) => one.call)).toContain('task:x:199')
  })
})
