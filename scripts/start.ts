/** `npm start`: builds the window when it is older than its sources, then `promptlab app`. */

import { spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root, runStep } from './steps.ts'

const page = join(root, 'out', 'renderer', 'index.html')
const newest = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((latest, entry) => Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0)

const sources = ['src-core', 'src-main', 'src-preload', 'src-renderer'].map((name) => join(root, name))
if (!existsSync(page) || statSync(page).mtimeMs < Math.max(...sources.map(newest))) {
  console.error('Building the window (once after each change) ...')
  const app = await runStep({ name: 'app', command: ['electron-vite', 'build'] })
  if (!app.ok) {
    console.error(app.output)
    process.exit(1)
  }
}
const child = spawn(process.execPath, [join(root, 'src-cli', 'main.ts'), 'app', ...process.argv.slice(2)], {
  stdio: 'inherit',
})
// Ctrl+C reaches the child by itself; this process waits for its answer.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('exit', (code) => {
  process.exitCode = code ?? 1
})
