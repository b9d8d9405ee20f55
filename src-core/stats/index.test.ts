import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as stats from './index.ts'

it('docs/stats.md lists every public function, and nothing that is gone', () => {
  const page = readFileSync(new URL('../../docs/stats.md', import.meta.url), 'utf8')
  const listed = [...page.matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].map((m) => ({
    name: m[1] as string,
    text: m[2] as string,
  }))
  expect(listed.map((l) => l.name).sort()).toEqual(Object.keys(stats).sort())
  for (const { name, text } of listed) expect(text.length, `${name} is not described`).toBeGreaterThan(4)
})
