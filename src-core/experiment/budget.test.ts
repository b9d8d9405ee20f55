import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Budget } from '../domain/objective.ts'
import { createBudgetGuard, missingBounds, type WorstCase, worstInputTokens, worstOutputTokens } from './budget.ts'

const none: Budget = { calls: null, tokens: null, usd: null, minutes: null }
const fresh = { calls: 0, tokens: 0, usd: 0 }

describe('the budget guard', () => {
  it('never lets spend plus the worst case in flight above a cap, in 500 random runs', () => {
    const attempt = fc.record({
      worstTokens: fc.integer({ min: 1, max: 5000 }),
      worstUsd: fc.double({ min: 0, max: 0.03, noNaN: true }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      fate: fc.constantFrom('settle', 'unknown', 'release'),
      pick: fc.nat(),
    })
    const caps = fc.record({
      calls: fc.option(fc.integer({ min: 0, max: 60 })),
      tokens: fc.option(fc.integer({ min: 0, max: 60_000 })),
      usd: fc.option(fc.double({ min: 0, max: 0.5, noNaN: true })),
    })
    fc.assert(
      fc.property(caps, fc.array(attempt, { minLength: 1, maxLength: 120 }), (cap, attempts) => {
        const guard = createBudgetGuard({ ...none, ...cap }, fresh)
        // A ledger of its own, with plain sums, is the witness.
        const flying: { worst: WorstCase; share: number; fate: string }[] = []
        const real = { calls: 0, tokens: 0, usd: 0 }
        const check = (): void => {
          const inFlight = flying.reduce((sum, one) => sum + one.worst.tokens, 0)
          const usdInFlight = flying.reduce((sum, one) => sum + (one.worst.usd ?? 0), 0)
          if (cap.calls !== null) expect(real.calls + flying.length).toBeLessThanOrEqual(cap.calls)
          if (cap.tokens !== null) expect(real.tokens + inFlight).toBeLessThanOrEqual(cap.tokens)
          if (cap.usd !== null) expect(real.usd + usdInFlight).toBeLessThanOrEqual(cap.usd + 1e-12)
        }
        for (const one of attempts) {
          const worst = { tokens: one.worstTokens, usd: one.worstUsd }
          if (guard.reserve([worst])) flying.push({ worst, share: one.share, fate: one.fate })
          check()
          if (flying.length > 0 && one.pick % 3 !== 0) {
            const [ended] = flying.splice(one.pick % flying.length, 1)
            if (ended === undefined) continue
            if (ended.fate === 'release') guard.release(ended.worst)
            else {
              const known = ended.fate === 'settle'
              const tokens = Math.floor(ended.worst.tokens * ended.share)
              const usd = (ended.worst.usd ?? 0) * ended.share
              guard.settle(ended.worst, known ? { tokens, usd } : { tokens: null, usd: null })
              real.calls += 1
              real.tokens += known ? tokens : ended.worst.tokens
              real.usd += known ? usd : (ended.worst.usd ?? 0)
            }
            check()
          }
        }
        // Nothing leaks: with all reservations ended, what was spent is all that counts.
        for (const one of flying) guard.release(one.worst)
        expect(guard.pending()).toBe(false)
        expect(guard.spent().calls).toBe(real.calls)
        expect(guard.spent().tokens).toBe(real.tokens)
        expect(guard.spent().usd).toBeCloseTo(real.usd, 6)
      }),
      { seed: 42, numRuns: 500 },
    )
  })

  it('uses a cap to the last attempt, and counts what earlier sessions spent', () => {
    const guard = createBudgetGuard({ ...none, calls: 5, usd: 0.3 }, { calls: 3, tokens: 9, usd: 0.1 })
    const tenCents = { tokens: 1, usd: 0.1 }
    expect(guard.reserve([tenCents, tenCents, tenCents])).toBe(false)
    expect(guard.reserve([tenCents, tenCents])).toBe(true)
    expect(guard.reserve([{ tokens: 0, usd: 0 }])).toBe(false)
    expect(guard.spentUp()).toBe(true)
  })

  it('reserves a block whole or not at all', () => {
    const guard = createBudgetGuard({ ...none, tokens: 10 }, fresh)
    expect(
      guard.reserve([
        { tokens: 6, usd: null },
        { tokens: 6, usd: null },
      ]),
    ).toBe(false)
    expect(guard.pending()).toBe(false)
    expect(
      guard.reserve([
        { tokens: 5, usd: null },
        { tokens: 5, usd: null },
      ]),
    ).toBe(true)
  })

  it('lets nothing of unknown price out under a cap in dollars', () => {
    expect(createBudgetGuard({ ...none, usd: 1 }, fresh).reserve([{ tokens: 1, usd: null }])).toBe(false)
    expect(createBudgetGuard(none, fresh).reserve([{ tokens: 1, usd: null }])).toBe(true)
  })

  it('knows when time is up', () => {
    const guard = createBudgetGuard({ ...none, minutes: 0.5 }, fresh)
    expect(guard.timeUp(29_999)).toBe(false)
    expect(guard.timeUp(30_000)).toBe(true)
    expect(createBudgetGuard(none, fresh).timeUp(1e12)).toBe(false)
  })
})

describe('bounds before the run', () => {
  const model = { id: 'm', priceKnown: false, maxTokens: null, contextLength: null }
  it('names every model whose cap could not be kept, and the way out', () => {
    const sentences = missingBounds({ ...none, usd: 1 }, [model, { ...model, id: 'n', priceKnown: true, maxTokens: 5 }])
    expect(sentences).toHaveLength(2)
    expect(sentences[0]).toContain('"m" is unknown')
    expect(sentences[1]).toContain('set maxTokens')
    expect(missingBounds({ ...none, calls: 5, minutes: 1 }, [model])).toEqual([])
    expect(missingBounds({ ...none, tokens: 5 }, [{ ...model, contextLength: 4096 }])).toEqual([])
  })

  it('bounds tokens by bytes', () => {
    expect(worstInputTokens([{ content: 'aé€😀' }], null)).toBe(1 + 2 + 3 + 4 + 16 + 32)
    expect(worstInputTokens([{ content: 'x'.repeat(10_000) }], 2048)).toBe(2048)
    expect(worstOutputTokens(null, null)).toBeNull()
    expect(worstOutputTokens(16, 4096)).toBe(16)
    expect(worstOutputTokens(null, 4096)).toBe(4096)
  })
})
