import { expect, test } from 'vitest'
import { buildPath, matchPath, parseHash } from './route.ts'

test('an address is split into its path and the state of the view', () => {
  const { path, query } = parseHash('#/p/3/results/e1?mode=failures&text=a%26b')
  expect(path).toBe('/p/3/results/e1')
  expect([query.get('mode'), query.get('text')]).toEqual(['failures', 'a&b'])
})

test('what is no place of ours is the start', () => {
  for (const hash of ['', '#', '#token=abc', '#p/3']) expect(parseHash(hash).path).toBe('/')
})

test.each([
  ['/projects', '/projects', {}],
  ['/projects', '/projects/', {}],
  ['/projects', '/project', null],
  ['/p/:project/prompts/:prompt?', '/p/3/prompts', { project: '3' }],
  ['/p/:project/prompts/:prompt?', '/p/3/prompts/7', { project: '3', prompt: '7' }],
  ['/p/:project/prompts/:prompt?', '/p/3/prompts/7/x', null],
  ['/p/:project/cases', '/p', null],
  ['/p/:project/cases', '/p/a%2Fb/cases', { project: 'a/b' }],
  // A person may type anything: no escape sequence is not an error.
  ['/p/:project/cases', '/p/100%/cases', { project: '100%' }],
])('%s against %s', (pattern, path, expected) => {
  expect(matchPath(pattern, path)).toEqual(expected)
})

test('a path is built from its pattern, and leads back to the same parameters', () => {
  const pattern = '/p/:project/response/:experiment/:number?'
  for (const params of [
    { project: '3', experiment: 'a/b c?#%', number: '12' },
    { project: '3', experiment: 'x' },
  ]) {
    const path = buildPath(pattern, params)
    expect(matchPath(pattern, path ?? '')).toEqual(params)
  }
  expect(buildPath(pattern, { project: '3' })).toBeNull()
})
