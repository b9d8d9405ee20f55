import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { packageRoot } from '../src-main/package-root.ts'

export type Desktop = { readonly start: { readonly electron: string; readonly app: string } } | { readonly why: string }

/**
 * The desktop app, where Electron's binary is here; else a sentence that says why not and what to do. Nothing is
 * downloaded: requiring the package `electron` would.
 */
export const findDesktop = (root: string = packageRoot(), environment: NodeJS.ProcessEnv = process.env): Desktop => {
  const built = existsSync(join(root, 'out', 'main', 'index.js'))
  const electron = electronBinary(root)
  if (electron === null) {
    return {
      why: built
        ? "The desktop app needs Electron's binary, which is not installed; opening the browser instead. To get it: npx install-electron"
        : 'Opening the lab in your browser.',
    }
  }
  if (!built) return { why: 'The desktop app is not built (npm run build); opening the browser instead.' }
  const hasScreen = process.platform !== 'linux' || Boolean(environment.DISPLAY) || Boolean(environment.WAYLAND_DISPLAY)
  return hasScreen
    ? { start: { electron, app: root } }
    : { why: 'No screen is here (DISPLAY is not set); serving the lab to a browser instead.' }
}

/** Electron's own rule: `path.txt` names the executable below `dist/`. Null where it was never downloaded. */
const electronBinary = (root: string): string | null => {
  let folder: string
  try {
    folder = dirname(createRequire(join(root, 'package.json')).resolve('electron/package.json'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    return null
  }
  const pathFile = join(folder, 'path.txt')
  if (!existsSync(pathFile)) return null
  const binary = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim())
  return existsSync(binary) ? binary : null
}

/** Runs until the app is quit; its exit status becomes ours. Ctrl+C reaches it by itself, in the same terminal. */
export const runDesktop = async (
  start: { readonly electron: string; readonly app: string },
  db?: string,
): Promise<void> => {
  const child = spawn(start.electron, [start.app, ...(db === undefined ? [] : [`--db=${resolve(db)}`])], {
    stdio: 'inherit',
  })
  const forward = (signal: NodeJS.Signals) => void child.kill(signal)
  const ignore = () => undefined
  process.on('SIGINT', ignore)
  process.on('SIGTERM', forward)
  process.exitCode = await new Promise<number>((done, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => done(code ?? (signal === 'SIGINT' ? 130 : 1)))
  })
  process.off('SIGINT', ignore)
  process.off('SIGTERM', forward)
}
