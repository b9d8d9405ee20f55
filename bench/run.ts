import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Figure } from './figure.ts'
import { benchPlace } from './place.ts'

/**
 * `npm run bench [-- NAME ...]`: every benchmark of this folder in turn, one JSON line a figure, and a last line that sums
 * up. A benchmark is a file that prints figures (figure.ts); these are their tools.
 */
const tools = [
  'run.ts',
  'figure.ts',
  'child.ts',
  'place.ts',
  'lab-file.ts',
  'loopback-server.ts',
  'waiting.ts',
  'crash-child.ts',
  'crash-trial.ts',
]
const folder = fileURLToPath(new URL('.', import.meta.url))
const wanted = process.argv.slice(2)

// Refuses memory file systems before anything is measured.
const place = benchPlace()
place.remove()
process.stderr.write(`databases lie on ${place.fileSystem}; Node ${process.versions.node}\n`)

const isTool = (file: string): boolean => tools.includes(file) || file.endsWith('.test.ts')
const files = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !isTool(file))
  .filter((file) => wanted.length === 0 || wanted.includes(file.replace(/\.ts$/, '')))
  .sort()
const unknown = wanted.filter((name) => !files.includes(`${name}.ts`))
if (unknown.length > 0) {
  process.stderr.write(
    `there is no benchmark ${unknown.join(', ')}; there are ${readdirSync(folder)
      .filter((file) => file.endsWith('.ts') && !isTool(file))
      .map((file) => file.slice(0, -3))
      .join(', ')}\n`,
  )
  process.exit(1)
}

const figures: Figure[] = []
const failed: string[] = []
for (const file of files) {
  const child = spawn(process.execPath, [`${folder}${file}`], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  for await (const line of createInterface({ input: child.stdout })) {
    process.stdout.write(`${line}\n`)
    if (line.startsWith('{"figure"')) figures.push(JSON.parse(line) as Figure)
  }
  if ((await ended) !== 0) failed.push(file)
}
const missed = figures.filter((figure) => !figure.ok).map((figure) => figure.figure)
process.stdout.write(`${JSON.stringify({ figures: figures.length, missed, failed, fileSystem: place.fileSystem })}\n`)
process.exitCode = missed.length + failed.length > 0 ? 1 : 0
