import { expect, test } from 'vitest'
import { formatAgo, formatBytes, formatDuration, formatShare, formatUsd, plural } from './format.ts'

test('unknown is never 0', () => {
  expect([formatUsd(null), formatBytes(null), formatDuration(null), formatShare(null)]).toEqual([
    'unknown',
    '–',
    '–',
    '–',
  ])
})

test.each([
  [0, '$0.00'],
  [12.345, '$12.35'],
  [0.999, '$1.00'],
  [0.0312, '$0.031'],
  [0.000_004_56, '$0.0000046'],
  [1234.5, '$1234.50'],
])('%d is %s', (value, text) => {
  expect(formatUsd(value)).toBe(text)
})

test('no small sum is shown as nothing', () => {
  for (let power = 1; power <= 8; power += 1) expect(formatUsd(10 ** -power)).not.toMatch(/^\$0\.0*$/)
})

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [999_600, '1.0 MB'],
  [412_000, '412 kB'],
  [48_212_000, '48.2 MB'],
])('%d bytes', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test.each([
  [850, '850 ms'],
  [4_200, '4.2 s'],
  [59_960, '1 min'],
  [200_000, '3 min 20 s'],
  [7_500_000, '2 h 5 min'],
])('%d ms', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

test('ages', () => {
  const now = Date.parse('2026-11-23T12:00:00Z')
  expect(formatAgo('2026-11-23T11:59:40Z', now)).toBe('just now')
  expect(formatAgo('2026-11-23T11:48:00Z', now)).toBe('12 minutes ago')
  expect(formatAgo('2026-11-22T11:00:00Z', now)).toBe('yesterday')
  expect(formatAgo('2025-11-22T11:00:00Z', now)).toMatch(/2025/)
})

test('counts agree with their noun', () => {
  expect([plural(1, 'case'), plural(1200, 'case'), plural(2, 'entry', 'entries')]).toEqual([
    '1 case',
    '1,200 cases',
    '2 entries',
  ])
})
