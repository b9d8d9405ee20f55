import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ExperimentReport } from '../../src-core/domain/report.ts'

const main = join(dirname(dirname(fileURLToPath(import.meta.url))), 'main.ts')

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

export type Running = {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Until the program has said this on either stream. */
  said(words: string): Promise<void>
}

/** A folder with a database of its own in which the real command line runs as a process. */
export type Workplace = {
  readonly folder: string
  readonly db: string
  /** Writes files into the folder; returns the path of the first. */
  write(files: Readonly<Record<string, string>>): string
  start(words: readonly string[], options?: { readonly env?: Readonly<Record<string, string>> }): Running
  run(words: readonly string[], options?: { readonly env?: Readonly<Record<string, string>> }): Promise<Ended>
  [Symbol.dispose](): void
}

export const openWorkplace = (): Workplace => {
  const folder = mkdtempSync(join(tmpdir(), 'promptlab-cli-'))
  const db = join(folder, 'lab.db')
  const start: Workplace['start'] = (words, options = {}) => {
    // `--`: without it this Node itself looks for --env-file among the program's words, and ends where it is missing.
    const child = spawn(process.execPath, ['--', main, ...words], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, PROMPTLAB_MODELS: join(folder, 'models'), ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [stdout, stderr] = ['', '']
    let listening: (() => void)[] = []
    const heard = (add: () => void) => {
      add()
      const now = listening
      listening = []
      for (const tell of now) tell()
    }
    child.stdout.on('data', (chunk: Buffer) => heard(() => (stdout += chunk.toString('utf8'))))
    child.stderr.on('data', (chunk: Buffer) => heard(() => (stderr += chunk.toString('utf8'))))
    const ended = new Promise<Ended>((resolve) => {
      child.on('close', (code) => heard(() => resolve({ code, stdout, stderr })))
    })
    const said = async (words: string) => {
      while (!stdout.includes(words) && !stderr.includes(words)) {
        if (child.exitCode !== null) throw new Error(`ended without saying "${words}":\n${stdout}\n${stderr}`)
        await new Promise<void>((resolve) => listening.push(resolve))
      }
    }
    return { child, ended, said }
  }
  return {
    folder,
    db,
    write: (files) => {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true })
        writeFileSync(join(folder, name), text)
      }
      return join(folder, Object.keys(files)[0] ?? '')
    },
    start,
    run: (words, options) => start([...words, '--db', db], options).ended,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  }
}

export const objectOf = <T = ExperimentReport & { readonly schema: string; readonly labVersion: string }>({
  stdout,
}: Ended): T => {
  const lines = stdout.trimEnd().split('\n')
  if (lines.length !== 1)
    throw new Error(`standard output holds ${lines.length} lines instead of one object:\n${stdout}`)
  return JSON.parse(lines[0] ?? '') as T
}

export type ErrorObject = {
  readonly schema: string
  readonly labVersion: string
  readonly error: {
    readonly code: string
    readonly message: string
    readonly file: string | null
    readonly line: number | null
    readonly column: number | null
  }
}

/** Two prompts and `cases` cases whose right answer is "right"; the question tells which prompt asks. */
export const labText = (url: string, options: { readonly cases?: number; readonly more?: string } = {}): string => `
name: cli-test
prompts:
  - { name: plain, text: "plain {input}" }
  - { name: better, text: "better {input}" }
cases:
${Array.from({ length: options.cases ?? 8 }, (_, n) => `  - { id: c${n}, input: "question ${n}", expected: right }`).join('\n')}
models:
  - { id: m, provider: openai, baseUrl: "${url}/v1", model: loopback, price: 0, concurrency: 2 }
evaluators:
  - { type: equals }
baseline: plain
${options.more ?? ''}`
