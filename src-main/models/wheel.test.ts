import { createWriteStream } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { zipFile } from './test/zip-file.ts'
import { extractMember, zipMembers } from './wheel.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheel-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const content = Buffer.from('a model, many times over. '.repeat(10_000))

test('extracts deflated and stored members byte for byte', async () => {
  const path = join(folder, 'x.whl')
  await writeFile(
    path,
    zipFile([
      { name: 'p/data/a.gguf', content },
      { name: 'b.txt', content: Buffer.from('b'), stored: true },
    ]),
  )
  const members = await zipMembers(path)
  expect(members.map(({ name, bytes }) => [name, bytes])).toEqual([
    ['p/data/a.gguf', content.length],
    ['b.txt', 1],
  ])
  for (const [i, wanted] of [content, Buffer.from('b')].entries()) {
    const out = join(folder, `out${i}`)
    const member = members[i]
    if (member === undefined) throw new Error('no member')
    await extractMember(path, member, createWriteStream(out))
    expect((await readFile(out)).equals(wanted)).toBe(true)
  }
})

test('a name that climbs out of the folder leads nowhere', async () => {
  const path = join(folder, 'evil.whl')
  await writeFile(path, zipFile([{ name: '../../evil.gguf', content: Buffer.from('x') }]))
  const [member] = await zipMembers(path)
  if (member === undefined) throw new Error('no member')
  await extractMember(path, member, createWriteStream(join(folder, 'mine')))
  expect((await readdir(folder)).sort()).toEqual(['evil.whl', 'mine'])
})

test('a damaged member is refused, wherever the damage is', async () => {
  const whole = zipFile([{ name: 'a.gguf', content }])
  for (const at of [60, 200]) {
    const broken = Buffer.from(whole)
    broken[at] = (broken[at] ?? 0) ^ 0xff
    const path = join(folder, `broken${at}.whl`)
    await writeFile(path, broken)
    const [member] = await zipMembers(path)
    if (member === undefined) throw new Error('no member')
    await expect(extractMember(path, member, createWriteStream(join(folder, 'out')))).rejects.toMatchObject({
      code: 'download',
    })
  }
})

test('what is no zip file, or half of one, is refused', async () => {
  const path = join(folder, 'half.whl')
  for (const bytes of [Buffer.from('hello'), zipFile([{ name: 'a', content }]).subarray(0, 500)]) {
    await writeFile(path, bytes)
    await expect(zipMembers(path)).rejects.toMatchObject({ code: 'download' })
  }
})
