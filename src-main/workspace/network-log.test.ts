import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Pool } from 'undici'
import { expect, test } from 'vitest'
import { createNetworkLog } from './network-log.ts'

const serve = async (): Promise<{ readonly port: number; [Symbol.asyncDispose](): Promise<void> }> => {
  const server = createServer((request, response) => {
    request.resume()
    if (request.url === '/cut') response.destroy()
    else response.end('x'.repeat(1_000))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

test('every request of this process is seen, by whichever client it goes, with its bytes and its end', async () => {
  await using server = await serve()
  const log = createNetworkLog()
  const origin = `http://127.0.0.1:${server.port}`
  await (await fetch(`${origin}/api/tags`)).text()
  const pool = new Pool(origin)
  const { body } = await pool.request({ path: '/v1/chat/completions', method: 'POST', body: 'y'.repeat(500) })
  await body.text()
  await expect(pool.request({ path: '/cut', method: 'GET' })).rejects.toThrow()
  await pool.close()
  log.close()
  await (await fetch(`${origin}/unseen`)).text()
  const { entries, total, beyondThisMachine } = log.read(0, 100)
  expect(
    entries.map(({ purpose, method, status, outcome, loopback, host }) => [
      purpose,
      method,
      status,
      outcome,
      loopback,
      host,
    ]),
  ).toEqual([
    ['model information', 'GET', 200, 'ok', true, `127.0.0.1:${server.port}`],
    ['model call', 'POST', 200, 'ok', true, `127.0.0.1:${server.port}`],
    ['request', 'GET', null, 'failed', true, `127.0.0.1:${server.port}`],
  ])
  expect(entries.map(({ sentBytes }) => sentBytes)).toEqual([0, 500, 0])
  expect(entries.map(({ receivedBytes }) => receivedBytes)).toEqual([1_000, 1_000, 0])
  expect([total, beyondThisMachine]).toEqual([3, 0])
})
