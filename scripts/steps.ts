import { spawn } from 'node:child_process'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

export type Step = {
  readonly name: string
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}
export type StepResult = {
  readonly name: string
  readonly ok: boolean
  readonly seconds: number
  readonly output: string
}

/** Runs a command of the project with its own Node and tools first on the PATH; its output is kept, and shown when live. */
export const runStep = async (step: Step, options: { readonly live?: boolean } = {}): Promise<StepResult> => {
  const started = performance.now()
  const [program, ...args] = step.command
  const child = spawn(program as string, args, {
    cwd: root,
    env: {
      ...process.env,
      ...step.env,
      PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  })
  let output = ''
  const keep = (chunk: Buffer) => {
    output += chunk.toString('utf8')
    if (options.live === true) process.stdout.write(chunk)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const ok = await new Promise<boolean>((resolve) => {
    child.on('error', (error) => {
      output += String(error)
      resolve(false)
    })
    child.on('close', (code) => resolve(code === 0))
  })
  return { name: step.name, ok, seconds: (performance.now() - started) / 1000, output }
}

/** A line per step; a failed step's whole output follows it. Returns how many passed and failed. */
export const runSteps = async (
  steps: readonly Step[],
): Promise<{ passed: number; failed: number; results: StepResult[] }> => {
  const results: StepResult[] = []
  for (const step of steps) {
    const result = await runStep(step)
    results.push(result)
    console.log(`${result.ok ? 'ok  ' : 'FAIL'} ${result.name} (${result.seconds.toFixed(1)} s)`)
    if (!result.ok) console.log(result.output.trimEnd())
  }
  const failed = results.filter((result) => !result.ok).length
  return { passed: results.length - failed, failed, results }
}

export const checks: readonly Step[] = [
  { name: 'types', command: ['tsc', '-b'] },
  { name: 'lint', command: ['oxlint', '--deny-warnings'] },
  { name: 'format', command: ['biome', 'check', '.'] },
  { name: 'dead files and dependencies', command: ['knip'] },
]
