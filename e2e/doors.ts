import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  _electron,
  type Browser,
  type BrowserContextOptions,
  type ElectronApplication,
  type Page,
} from '@playwright/test'
import { findBrowser } from '../scripts/browser.ts'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** A lab that a person has opened, behind either door. */
export type OpenDoor = {
  readonly page: Page
  /** Of the page's own files; every other request is one too many. */
  readonly origin: string
  /** Ends the host as Ctrl+C or Quit does; resolves when its process is gone. */
  close(): Promise<void>
  /** kill -9. */
  kill(): Promise<void>
  /** What it wrote for people and logs. */
  output(): string
  /** The Electron main process; null behind the browser door. */
  readonly electron: ElectronApplication | null
  readonly pid: number
  /** Of the host's process; null while it lives (and after a signal). */
  exitCode(): number | null
}

export type HostSettings = {
  readonly folder: string
  readonly db: string
  readonly environment: Readonly<Record<string, string>>
}

/** The machine's own keys, models and settings have no part in a test. */
const cleanEnvironment = ({ folder, environment }: HostSettings): Record<string, string> => ({
  PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH ?? ''}`,
  HOME: folder,
  XDG_CONFIG_HOME: join(folder, 'config'),
  XDG_DATA_HOME: join(folder, 'data'),
  XDG_CACHE_HOME: join(folder, 'cache'),
  TMPDIR: process.env.TMPDIR ?? '/tmp',
  LANG: 'C.UTF-8',
  NO_COLOR: '1',
  CI: '1',
  ...(process.env.DISPLAY === undefined ? {} : { DISPLAY: process.env.DISPLAY }),
  ...environment,
})

/** The built command, or the sources where nothing was built or PROMPTLAB_E2E_SOURCES=1 asks for them. */
export const command = (): string =>
  process.env.PROMPTLAB_E2E_SOURCES === '1' ? join(root, 'src-cli', 'main.ts') : join(root, 'bin', 'promptlab.js')

export type HostProcess = {
  readonly url: string
  readonly pid: number
  exitCode(): number | null
  close(): Promise<void>
  kill(): Promise<void>
  output(): string
}

/** `promptlab app --browser`, without a browser. */
export const startHost = async (settings: HostSettings): Promise<HostProcess> => {
  const args = [command(), 'app', '--browser', '--no-open', '--json', '--db', settings.db]
  const child = spawn(process.execPath, args, {
    cwd: settings.folder,
    env: cleanEnvironment(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const url = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const line = text.split('\n')[0] ?? ''
      if (text.includes('\n')) resolve((JSON.parse(line) as { url: string }).url)
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the browser host ended with ${code}\n${output}`)))
  })
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await ended
  }
  return {
    url,
    pid: child.pid as number,
    exitCode: () => child.exitCode,
    close: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
    output: () => output,
  }
}

export const openBrowserDoor = async (
  browser: Browser,
  options: BrowserContextOptions,
  settings: HostSettings,
): Promise<OpenDoor> => {
  const host = await startHost(settings)
  const context = await browser.newContext(options)
  const page = await context.newPage()
  await page.goto(host.url)
  return {
    page,
    origin: new URL(host.url).origin,
    electron: null,
    pid: host.pid,
    exitCode: host.exitCode,
    output: host.output,
    close: async () => {
      await context.close()
      await host.close()
    },
    kill: host.kill,
  }
}

const electronBinary = (): string => {
  if (process.env.ELECTRON_REAL !== '1') return join(root, 'e2e', 'electron-double', 'electron')
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  const file = join(folder, 'path.txt')
  if (!existsSync(file)) throw new Error("ELECTRON_REAL=1 needs Electron's binary: npx install-electron")
  return join(folder, 'dist', readFileSync(file, 'utf8').trim())
}

export const openElectronDoor = async (
  viewport: { readonly width: number; readonly height: number } | null,
  settings: HostSettings,
): Promise<OpenDoor> => {
  const electron = await _electron.launch({
    executablePath: electronBinary(),
    args: [root, `--db=${settings.db}`, `--user-data-dir=${join(settings.folder, 'electron')}`],
    cwd: settings.folder,
    env: { ...cleanEnvironment(settings), ELECTRON_DOUBLE_CHROMIUM: findBrowser() ?? '' },
  })
  const child = electron.process()
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  const page = await electron.firstWindow()
  if (viewport !== null) await page.setViewportSize(viewport)
  await page.waitForURL((url) => url.protocol === 'app:' || url.hostname.startsWith('lab.'))
  const url = new URL(page.url())
  return {
    page,
    origin: url.protocol === 'app:' ? 'app://lab' : url.origin,
    electron,
    pid: child.pid as number,
    exitCode: () => child.exitCode,
    output: () => output,
    close: async () => {
      // A spec may have ended it already, as a person does.
      if (child.exitCode === null && child.signalCode === null) await electron.close()
      await ended
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}
