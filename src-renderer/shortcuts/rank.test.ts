import { expect, test } from 'vitest'
import { indexItems, rank } from './rank.ts'

const texts = [
  'Go: Projects',
  'Project: New',
  'Project: Import a lab file',
  'Settings: Network log',
  'Help: Keyboard shortcuts',
  'Prompt: réponse courte',
]
const index = indexItems(texts, (text) => text)
const find = (query: string): readonly string[] => rank(index, query, 10)

test('beginnings of words come before places inside words', () => {
  expect(find('pro').slice(0, 2)).toEqual(['Project: New', 'Prompt: réponse courte'].toSorted(byPlace))
  expect(find('net')).toEqual(['Settings: Network log'])
  expect(find('roject')[0]).toMatch(/Project/)
})
const byPlace = (a: string, b: string): number => texts.indexOf(a) - texts.indexOf(b)

test('every word counts, in any order, without case or accents', () => {
  expect(find('LAB import')).toEqual(['Project: Import a lab file'])
  expect(find('reponse')).toEqual(['Prompt: réponse courte'])
  expect(find('new nothing')).toEqual([])
})

test('initials find a command', () => {
  expect(find('hks')[0]).toBe('Help: Keyboard shortcuts')
})

test('an empty query keeps the given order', () => {
  expect(rank(index, '  ', 3)).toEqual(texts.slice(0, 3))
})

test('10,000 objects are ranked in under 50 ms', () => {
  const many = indexItems(
    Array.from({ length: 10_000 }, (_, n) => `Case: ticket ${n} about claim ${(n * 7919) % 10_000}`),
    (text) => text,
  )
  rank(many, 'warm up', 50)
  const times = ['t', 'claim', 'tick 77', 'case 9999', 'zzz', 'cta'].map((query) => {
    const from = performance.now()
    rank(many, query, 50)
    return performance.now() - from
  })
  expect(Math.max(...times)).toBeLessThan(50)
})
