import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from './fixtures.ts'
import { firstScreen } from './pages/first-screen.ts'
import { probes } from './policy-probes.ts'

/** A server of another origin on this machine, which writes down what reaches it. */
const startSink = async (hits: string[]): Promise<{ readonly address: string; close(): void }> => {
  const server = createServer((request, response) => {
    if (request.url !== '/page' && request.url !== '/favicon.ico') hits.push(`${request.method} ${request.url}`)
    response.setHeader('access-control-allow-origin', '*')
    if (request.url === '/page') response.setHeader('content-type', 'text/html')
    response.end(request.url === '/page' ? '<!doctype html><title>sink</title>' : '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

test('the door opens and shows the first screen', async ({ page }) => {
  await expect(firstScreen(page).heading).toBeVisible()
  await expect(page).toHaveTitle(/Prompt Lab/)
})

test('the page holds no Node and one frozen way to its host', async ({ page, door }) => {
  await expect(firstScreen(page).main).toBeVisible()
  const found = await page.evaluate(() => {
    const { lab } = window as { lab?: object }
    const names = ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron']
    return {
      node: names.filter((name) => name in globalThis),
      lab: lab === undefined ? null : Object.keys(lab).sort(),
      frozen: lab === undefined || Object.isFrozen(lab),
    }
  })
  expect(found).toEqual({ node: [], lab: door === 'electron' ? ['call', 'subscribe'] : null, frozen: true })
})

test('the token leaves the address at once, and a reload still opens the lab', async ({ page, door }) => {
  test.skip(door === 'electron', 'the desktop has no token')
  await expect(firstScreen(page).heading).toBeVisible()
  expect(page.url()).not.toContain('token')
  await page.reload()
  await expect(firstScreen(page).heading).toBeVisible()
})

test('the probes get through where no policy stops them', async ({ browser, door }) => {
  test.skip(door === 'electron', 'the same browser would prove the same')
  const hits: string[] = []
  const sink = await startSink(hits)
  const page = await (await browser.newContext()).newPage()
  await page.goto(`${sink.address}/page`)
  const stopped: string[] = []
  for (const { name, run } of probes) {
    hits.length = 0
    // A form leaves the page, and with it the probe's own answer.
    const outcome = await page.evaluate(run, sink.address).catch(() => 'left')
    await page.waitForTimeout(50)
    if (outcome !== 'passed' && hits.length === 0) stopped.push(name)
    if (outcome === 'left' || name.startsWith('a form')) await page.goto(`${sink.address}/page`)
  }
  sink.close()
  await page.context().close()
  expect(stopped).toEqual([])
})

test.describe('the policy', () => {
  test.use({ expectedErrors: /Content Security Policy|Refused to|Trusted|ERR_BLOCKED_BY|ERR_FAILED|violates/i })

  test('stops every probe, and nothing arrives', async ({ page, lab }) => {
    const hits: string[] = []
    const sink = await startSink(hits)
    // The probes are requests to elsewhere; here the sink counts what arrives.
    page.removeAllListeners('request')
    await expect(firstScreen(page).main).toBeVisible()
    const outcomes: Record<string, string> = {}
    for (const { name, run } of probes) outcomes[name] = await page.evaluate(run, sink.address)
    await page.waitForTimeout(300)
    sink.close()
    expect(outcomes).toEqual(Object.fromEntries(probes.map(({ name }) => [name, 'blocked'])))
    expect(hits).toEqual([])
    expect(page.url().startsWith(lab.origin)).toBe(true)
  })
})

test.describe('the desktop window', () => {
  test.use({ expectedErrors: /ERR_|Not allowed|Failed to load/i })

  test('cannot be led away, opens no second one, and starts no other program', async ({ page, lab, door }) => {
    test.skip(door === 'browser', 'a browser window belongs to its person')
    const hits: string[] = []
    const sink = await startSink(hits)
    page.removeAllListeners('request')
    await expect(firstScreen(page).main).toBeVisible()
    await lab.electron?.evaluate(({ shell }) => {
      const launched: string[] = []
      Object.assign(globalThis, { launched })
      shell.openExternal = async (url) => void launched.push(url)
    })
    for (const address of [`${sink.address}/away`, 'file:///etc/passwd', 'https://evil.example/']) {
      await page.evaluate((url) => {
        window.open(url)
        const link = document.createElement('a')
        link.href = url
        link.target = '_blank'
        document.body.append(link)
        link.click()
        link.remove()
        location.assign(url)
      }, address)
      await page.waitForTimeout(200)
    }
    sink.close()
    expect(hits).toEqual([])
    expect(page.url().startsWith(lab.origin)).toBe(true)
    await expect(firstScreen(page).main).toBeVisible()
    expect(await lab.electron?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
    expect(await lab.electron?.evaluate(() => (globalThis as unknown as { launched: string[] }).launched)).toEqual([])
  })
})
