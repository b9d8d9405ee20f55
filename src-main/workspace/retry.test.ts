import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { simulatedLab, withApp } from './test/with-app.ts'

test('failed cells are asked again: the answers count, the failed attempts stay in the ledger', {
  timeout: 60_000,
}, async () => {
  let broken = true
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      if (broken)
        response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":{"message":"not today"}}')
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ output: 'spam' }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer`
  try {
    await withApp(async ({ api, app }) => {
      const text = simulatedLab(3).replace(
        'models: [simulated/world]',
        `models: [{ id: m, provider: http, model: m, url: "${url}", body: { q: "{prompt}" }, outputPath: output, price: 0 }]`,
      )
      const { project } = await api.projects.importLab({ text })
      const { id: experiment } = await api.experiments.start({ project: project.id })
      const settled = async () => {
        for await (const event of app.runs.live(experiment, null, AbortSignal.timeout(20_000)))
          if (event.state === 'ended' && event.kind === 'snapshot') return
      }
      await settled()
      expect((await api.experiments.get({ experiment })).record).toMatchObject({
        status: 'done',
        results: 6,
        failed: 6,
      })
      broken = false
      expect((await api.experiments.retryFailed({ experiment })).cells).toBe(6)
      await settled()
      expect((await api.experiments.get({ experiment })).record).toMatchObject({
        status: 'done',
        results: 6,
        failed: 0,
      })
      const cell = await api.experiments.cell({ experiment, cell: 0 })
      expect([cell.output, cell.attempts.map(({ state }) => state)]).toEqual(['spam', ['failed', 'done']])
      expect((await api.experiments.matrix({ experiment, mode: 'errors', offset: 0, limit: 9 })).total).toBe(0)
      expect((await api.settings.network()).entries.map(({ purpose }) => purpose)).toContain('model call')
    })
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
