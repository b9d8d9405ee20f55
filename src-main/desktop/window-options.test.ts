import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { windowOptions } from './window-options.ts'

it('the options of the window, member by member', () => {
  const options = windowOptions('/preload.cjs', '/icon.png')
  expect(options).toStrictEqual({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: 'Prompt Lab',
    icon: '/icon.png',
    autoHideMenuBar: true,
    webPreferences: {
      preload: '/preload.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      spellcheck: false,
    },
  })
  expect([Object.isFrozen(options), Object.isFrozen(options.webPreferences)]).toEqual([true, true])
})

const sources = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.test)\.tsx?$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))

it('one place makes a window, and only the desktop folder knows Electron', () => {
  const main = join(import.meta.dirname, '..')
  const all = sources(main)
  expect(all.filter((text) => /new (BrowserWindow|WebContentsView|BrowserView)\b/.test(text))).toHaveLength(1)
  const importsElectron = (text: string) => /from 'electron(\/main)?'/.test(text)
  expect(all.filter(importsElectron)).toHaveLength(sources(import.meta.dirname).filter(importsElectron).length)
})

it('the preload requires nothing but electron and shows two functions', () => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'src-preload', 'index.ts'), 'utf8')
  const imports = [...text.matchAll(/^import (type )?.* from '(.+)'$/gm)].map(([, type, from]) => [
    type === undefined,
    from,
  ])
  expect(imports).toEqual([
    [true, 'electron'],
    [false, '../src-main/api/door.ts'],
  ])
  expect([...text.matchAll(/exposeInMainWorld\('(\w+)'/g)].map(([, name]) => name)).toEqual(['lab'])
})
