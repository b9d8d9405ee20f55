import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findDesktop } from './desktop-app.ts'
import { launchPage, opener } from './open-in-browser.ts'

const folder = mkdtempSync(join(tmpdir(), 'prompt-lab-app-'))
afterAll(() => rmSync(folder, { recursive: true }))
const put = (root: string, file: string, text = '') => {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}
const checkout = (name: string, files: Readonly<Record<string, string>>): string => {
  const root = join(folder, name)
  put(root, 'package.json', '{"name":"prompt-lab"}')
  for (const [file, text] of Object.entries(files)) put(root, file, text)
  return root
}

describe('the desktop', () => {
  const electron = { 'node_modules/electron/package.json': '{"name":"electron","version":"45.4.1"}' }
  const binary = {
    ...electron,
    'node_modules/electron/path.txt': 'electron\n',
    'node_modules/electron/dist/electron': '',
  }
  const built = { 'out/main/index.js': '' }
  const screen = { DISPLAY: ':0' }

  it('starts where the binary, the build and a screen are', () => {
    const root = checkout('all', { ...binary, ...built })
    expect(findDesktop(root, screen)).toEqual({
      start: { electron: join(root, 'node_modules/electron/dist/electron'), app: root },
    })
  })

  it.each([
    ['without the package', {}, 'Opening the lab in your browser.'],
    ['without the binary', { ...electron, ...built }, 'npx install-electron'],
    [
      'with half a download',
      { ...electron, ...built, 'node_modules/electron/path.txt': 'electron' },
      'npx install-electron',
    ],
    ['without a build', binary, 'npm run build'],
  ])('says why not %s', (name, files, sentence) => {
    expect(findDesktop(checkout(name, files), screen)).toEqual({ why: expect.stringContaining(sentence) })
  })

  it.runIf(process.platform === 'linux')('says why not without a screen', () => {
    expect(findDesktop(checkout('blind', { ...binary, ...built }), {})).toEqual({
      why: expect.stringContaining('No screen'),
    })
  })
})

describe('the browser', () => {
  it('is given a file and no address: a command line is readable for every user', () => {
    const text = readFileSync(join(import.meta.dirname, 'open-in-browser.ts'), 'utf8')
    expect(text).toContain('[...args, file]')
    expect(launchPage('http://127.0.0.1:1/#token=x')).toContain('content="0; url=http://127.0.0.1:1/#token=x"')
  })

  it('is opened where somebody can see it', () => {
    expect(opener('darwin', {})).toEqual(['open'])
    expect(opener('win32', {})).not.toBeNull()
    expect(opener('linux', { WAYLAND_DISPLAY: 'w' })).toEqual(['xdg-open'])
    expect([
      opener('linux', {}),
      opener('linux', { DISPLAY: '' }),
      opener('linux', { DISPLAY: ':0', CI: '1' }),
    ]).toEqual([null, null, null])
  })
})
