import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { command, type HostSettings, startHost } from './doors.ts'

/** `promptlab app` as a process: what it tells, what it keeps to itself, and how it ends. */
let folder: string
let settings: HostSettings
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prompt-lab-host-'))
  settings = { folder, db: join(folder, 'lab.db'), environment: { OPENAI_API_KEY: 'sk-canary-of-the-environment' } }
})
test.afterEach(() => rm(folder, { recursive: true, force: true }))

type Reply = { readonly status: number; readonly body: string }
const ask = (url: string, procedure: string, token: string): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const { port, origin } = new URL(url)
    const headers = {
      origin,
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
    }
    const sent = request({ host: '127.0.0.1', port, method: 'POST', path: `/api/${procedure}`, headers }, (reply) => {
      let body = ''
      reply.on('data', (chunk: Buffer) => {
        body += chunk.toString()
      })
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body }))
    })
    sent.on('error', reject)
    sent.end()
  })
const tokenOf = (url: string): string => new URL(url).hash.replace('#token=', '')

test('answers to its token, ends at Ctrl+C, and leaves the database whole', async () => {
  const host = await startHost(settings)
  const info = await ask(host.url, 'app.info', tokenOf(host.url))
  expect(JSON.parse(info.body)).toMatchObject({ result: { data: { door: 'browser', runsLive: 0 } } })
  expect(await ask(host.url, 'app.info', 'A'.repeat(43))).toEqual({ status: 401, body: '' })
  await host.close()
  await expect(ask(host.url, 'app.info', tokenOf(host.url))).rejects.toThrow('ECONNREFUSED')
  const verified = spawnSync(process.execPath, [command(), 'verify', '--db', settings.db], { encoding: 'utf8' })
  expect([verified.status, verified.stderr]).toEqual([0, expect.not.stringContaining('error')])
})

test('the token stands in no log, no process list and no file; keys cross no door', async () => {
  const host = await startHost(settings)
  const token = tokenOf(host.url)
  const answers = [
    await ask(host.url, 'app.info', token),
    await ask(host.url, 'services.keys', token),
    await ask(host.url, 'services.list', token),
    await ask(host.url, 'no.such', token),
  ]
  expect(host.output()).not.toContain(token)
  if (process.platform === 'linux')
    expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain(token)
  for (const { body } of answers) {
    expect(body).not.toContain('canary')
    expect(body).not.toContain(token)
  }
  await host.close()
  for (const name of ['lab.db', 'lab.db-wal']) {
    const content = await readFile(join(folder, name)).catch(() => Buffer.alloc(0))
    expect([name, content.includes(token), content.includes('canary')]).toEqual([name, false, false])
  }
})

test('opens again after kill -9', async () => {
  const first = await startHost(settings)
  await first.kill()
  const second = await startHost(settings)
  expect(JSON.parse((await ask(second.url, 'app.info', tokenOf(second.url))).body)).toHaveProperty('result')
  expect(tokenOf(second.url)).not.toBe(tokenOf(first.url))
  await second.close()
})

test('says which port is taken, and that there is no other address', async () => {
  const host = await startHost(settings)
  const { port } = new URL(host.url)
  const run = (...words: string[]) =>
    spawnSync(process.execPath, [command(), 'app', '--no-open', '--db', join(folder, 'other.db'), ...words], {
      encoding: 'utf8',
    })
  const second = run('--port', port)
  expect([second.status, second.stderr]).toEqual([1, expect.stringContaining(`Port ${port} is not free`)])
  expect(run('--host', '0.0.0.0').status).toBe(1)
  await host.close()
})
