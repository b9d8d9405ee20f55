import { describe, expect, test } from 'vitest'
import type { ExperimentSnapshot } from '../domain/experiment.ts'
import { prospects } from './before-run.ts'
import { filled, scored, storedInput } from './test/inputs.ts'

const snapshotOf = (n: number, variants = 2): ExperimentSnapshot => {
  const names = ['a', 'b', 'c', 'd'].slice(0, variants)
  const { snapshot } = storedInput(scored(Object.fromEntries(names.map((name) => [name, [1]]))))
  if (snapshot === null) throw new Error('no snapshot')
  const cases = filled(n, null).map((_, i) => ({ id: `c${i}`, cluster: null }))
  return { ...snapshot, cases: cases as unknown as ExperimentSnapshot['cases'] }
}

describe('what a run could show, before it', () => {
  test('no score differs by more than 1', () => {
    expect(prospects(snapshotOf(3))).toMatchObject({ minimumDetectableDifference: null, tooFew: true })
  })
  test('nor can a test of so few cases reach its level within the family', () => {
    expect(prospects(snapshotOf(6, 2)).tooFew).toBe(false)
    expect(prospects(snapshotOf(6, 4))).toMatchObject({ minimumDetectableDifference: null, tooFew: true })
  })
  test('enough cases have a smallest difference, by the figures of a fixed design', () => {
    const found = prospects(snapshotOf(100))
    expect(found.minimumDetectableDifference).toBeCloseTo(0.5 * 0.282912632781, 10)
    expect(found).toMatchObject({ tooFew: false, figuresOf: 'fixed' })
  })
})
