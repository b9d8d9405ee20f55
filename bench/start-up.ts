import { fileURLToPath } from 'node:url'
import { measure } from './child.ts'
import { print } from './figure.ts'

/** What a script waits for most often. The median of eleven starts: the disk's cache is warm after the first. */
const command = fileURLToPath(new URL('../bin/promptlab.js', import.meta.url))
const times: number[] = []
for (let i = 0; i < 11; i++) {
  const used = await measure(process.execPath, [command, '--version'])
  if (used.code !== 0 || !/^\d+\.\d+\.\d+/.test(used.stdout)) throw new Error(`--version failed: ${used.stdout}`)
  times.push(used.wallMs)
}
times.sort((a, b) => a - b)
print('promptlab --version: wall, median of 11', (times[5] ?? Number.NaN) / 1000, { bound: 0.15, unit: 's' })
