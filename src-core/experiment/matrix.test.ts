import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { experimentId } from '../domain/ids.ts'
import type { ModelReference } from '../domain/model.ts'
import { createPhilox } from '../ports/philox.ts'
import { cellIdOf, cellKeys, cellNumberOf, dealCells, type MatrixSpec } from './matrix.ts'

type Shape = { variants: number; cases: number; repetitions: number; models: readonly string[]; interleave: boolean }

const spec = ({ variants, cases, repetitions, models, interleave }: Shape): MatrixSpec => ({
  variants: Array.from({ length: variants }, (_, n) => ({ name: `v${n}` })) as unknown as MatrixSpec['variants'],
  cases: Array.from({ length: cases }, (_, n) => ({ id: `c${n}` })) as unknown as MatrixSpec['cases'],
  models: models.map(
    (provider, n) => ({ id: `m${n}`, provider, experiment: provider !== 'judge' }) as unknown as ModelReference,
  ),
  repetitions,
  interleaveModels: interleave,
})
const deal = (shape: Shape, seed = 7) => {
  const made = spec(shape)
  return cellKeys(made, dealCells(made, createPhilox(seed)))
}

const shapes = fc.record({
  variants: fc.integer({ min: 1, max: 5 }),
  cases: fc.integer({ min: 1, max: 12 }),
  repetitions: fc.integer({ min: 1, max: 3 }),
  models: fc.array(fc.constantFrom('openai', 'ollama', 'llamacpp', 'judge'), { minLength: 1, maxLength: 4 }),
  interleave: fc.boolean(),
})

describe('dealing cells', () => {
  it('deals every combination exactly once, in complete blocks that stay together', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const cells = deal(shape)
        const columns = shape.models.filter((provider) => provider !== 'judge').length
        expect(cells).toHaveLength(shape.variants * shape.cases * shape.repetitions * columns)
        const keys = new Set(cells.map((cell) => `${cell.variant}|${cell.model}|${cell.case}|${cell.repetition}`))
        expect(keys.size).toBe(cells.length)
        const blocks = Map.groupBy(cells, (cell) => cell.block)
        for (const block of blocks.values()) {
          expect(new Set(block.map((cell) => `${cell.case}|${cell.repetition}`)).size).toBe(1)
          for (const own of Map.groupBy(block, (cell) => cell.model).values()) expect(own).toHaveLength(shape.variants)
        }
        // Adjacent: the blocks' numbers never go back.
        for (let i = 1; i < cells.length; i++)
          expect((cells[i]?.block ?? 0) - (cells[i - 1]?.block ?? 0)).toBeOneOf([0, 1])
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  it('keeps a local model resident: its cells are one run, unless the lab gives that up', () => {
    const shape = {
      variants: 2,
      cases: 9,
      repetitions: 2,
      models: ['ollama', 'openai', 'llamacpp', 'openai'],
      interleave: false,
    }
    const order = deal(shape).map((cell) => cell.model)
    const changes = (of: readonly string[]) =>
      order.filter((id, i) => i > 0 && of.includes(id) !== of.includes(order[i - 1] ?? '')).length
    expect(changes(['m0'])).toBeLessThanOrEqual(2)
    expect(changes(['m2'])).toBeLessThanOrEqual(2)
    // The remote ones share blocks.
    expect(order.slice(0, 4).sort()).toEqual(['m1', 'm1', 'm3', 'm3'])
    const mixed = deal({ ...shape, interleave: true })
    expect(new Set(mixed.slice(0, 8).map((cell) => cell.model)).size).toBe(4)
  })

  it('is a pure function of the seed, and random in it', () => {
    const shape = { variants: 3, cases: 20, repetitions: 1, models: ['openai'], interleave: false }
    expect(deal(shape, 7)).toEqual(deal(shape, 7))
    expect(deal(shape, 8)).not.toEqual(deal(shape, 7))
    expect(
      deal(shape, 7)
        .slice(0, 3)
        .map((cell) => cell.variant),
    ).toHaveLength(3)
  })

  it('gives each variant each place in the block about as often', () => {
    const counts = new Map<string, number>()
    const cells = deal({ variants: 3, cases: 600, repetitions: 1, models: ['openai'], interleave: false })
    for (const [index, cell] of cells.entries()) {
      const key = `${cell.variant} at ${index % 3}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    expect(counts.size).toBe(9)
    // Chi-square with 4 degrees of freedom (3 x 3 with fixed margins): 18.5 is the 0.001 quantile of the upper tail.
    expect([...counts.values()].reduce((sum, n) => sum + (n - 200) ** 2 / 200, 0)).toBeLessThan(18.5)
  })

  it('answers for any cell without dealing those before', () => {
    const made = spec({ variants: 4, cases: 50, repetitions: 2, models: ['openai', 'ollama'], interleave: false })
    const whole = dealCells(made, createPhilox(3))
    const forwards = Array.from({ length: whole.cells }, (_, i) => whole.cell(i))
    const other = dealCells(made, createPhilox(3))
    for (let i = whole.cells - 1; i >= 0; i--) expect(other.cell(i)).toEqual(forwards[i])
    for (let block = 0; block < whole.blocks; block++) {
      const span = whole.block(block)
      for (let i = span.first; i < span.first + span.size; i++) expect(whole.blockOf(i)).toBe(block)
    }
    expect(() => whole.cell(whole.cells)).toThrow(RangeError)
    expect(() => whole.block(whole.blocks)).toThrow(RangeError)
  })

  it('numbers cells both ways', () => {
    const id = cellIdOf(experimentId('20261123-2107-k3f9'), 42)
    expect(id).toBe('20261123-2107-k3f9:42')
    expect(cellNumberOf(id)).toBe(42)
  })
})
