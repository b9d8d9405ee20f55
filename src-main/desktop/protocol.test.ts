import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { openBundle } from '../page/bundle.ts'
import { isAppUrl, isOwnRequest, serveApp } from './protocol.ts'

const outside = mkdtempSync(join(tmpdir(), 'prompt-lab-protocol-'))
const folder = join(outside, 'renderer')
mkdirSync(join(folder, 'assets'), { recursive: true })
writeFileSync(join(folder, 'index.html'), 'the page PROMPT_LAB_NONCE')
writeFileSync(join(folder, 'assets', 'a.js'), 'the script')
writeFileSync(join(folder, 'assets', 'a.map'), 'a kind of file that is not served')
writeFileSync(join(outside, 'secret.html'), 'SECRET')
writeFileSync(join(outside, 'secret.js'), 'SECRET')
symlinkSync(join(outside, 'secret.html'), join(folder, 'link.html'))
symlinkSync(outside, join(folder, 'folder'))
afterAll(() => rmSync(outside, { recursive: true }))
const serve = serveApp(openBundle(folder))
const get = (url: string) => serve({ method: 'GET', url })

it('serves the files of the window, the page with its policy', async () => {
  const page = await get('app://lab/')
  expect(page.status).toBe(200)
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(await page.text()).not.toContain('PROMPT_LAB_NONCE')
  const script = await get('app://lab/assets/a.js?v=1#x')
  expect([script.status, script.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8'])
})

it('answers GET only', async () => {
  for (const method of ['POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'get']) {
    expect((await serve({ method, url: 'app://lab/' })).status).toBe(405)
  }
})

it('is one host, compared whole', () => {
  for (const url of ['app://lab/', 'app://lab/x?y', 'app://lab']) expect([url, isAppUrl(url)]).toEqual([url, true])
  for (const url of [
    'app://LAB/',
    'app://lab.evil/',
    'app://lab@evil/',
    'app://evil@lab/',
    'app://lab:80/',
    'app:lab',
    'app:///lab',
    'apps://lab/',
    'http://lab/',
    'file:///x',
    '',
    'lab',
  ])
    expect([url, isAppUrl(url)]).toEqual([url, false])
})

it('200 addresses that reach for files outside: none gets one', async () => {
  const ups = ['..', '%2e%2e', '.%2e', '%2e.', '%252e%252e', '..%00', '..%c0%af', '%u002e%u002e', '....', '..;']
  const separators = ['/', '%2f', '%5c', '\\', '%252f']
  const targets = ['secret.html', 'renderer/../secret.js', 'etc/passwd', 'secret.html%00.js']
  const composed = ups.flatMap((up) =>
    separators.flatMap((slash) => targets.map((target) => `app://lab/${`${up}${slash}`.repeat(3)}${target}`)),
  )
  const others = [
    `app://lab/${outside}/secret.html`,
    `app://lab//${outside}/secret.html`,
    'app://lab//server/share/secret.html',
    'app://lab/%5c%5cserver%5cshare%5csecret.html',
    'app://lab/C:/secret.html',
    'app://lab/file:///etc/passwd',
    'app://lab/link.html',
    'app://lab/folder/secret.html',
    'app://lab/assets',
    'app://lab/assets/',
    'app://lab/assets/a.map',
    'app://lab/__proto__',
    'app://lab/%',
    'app://lab/%ff',
    'app://lab/index.html%00',
    'app://lab/index.html/',
    'app://lab/./index.html/..%2f..%2fsecret.html',
    'app://other/index.html',
    'app://lab/INDEX.HTML',
    'file:///etc/passwd',
  ]
  const urls = [...composed, ...others]
  expect(urls.length).toBeGreaterThanOrEqual(200)
  for (const url of urls) {
    const reply = await get(url)
    expect([url, reply.status, await reply.text()]).toEqual([url, 404, 'Not found'])
  }
})

it('says what to do when nothing was built', () => {
  expect(() => openBundle(join(outside, 'nowhere'))).toThrow('npm run build')
})

it('loads what is its own, and no other', () => {
  for (const url of ['app://lab/assets/a.js', 'data:image/png;base64,x', 'blob:app://lab/1'])
    expect([url, isOwnRequest(url)]).toEqual([url, true])
  for (const url of [
    'https://lab/',
    'http://127.0.0.1/',
    'file:///etc/passwd',
    'blob:https://evil/1',
    'blob:app://evil/1',
    'ws://lab/',
    'app://evil/',
    'blob:blob:app://lab/1',
  ])
    expect([url, isOwnRequest(url)]).toEqual([url, false])
})
