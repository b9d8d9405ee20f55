import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A program of this folder in a process of its own, with the Node that runs the benchmark. */
export const startBenchFile = (file: string, args: readonly string[] = []): ChildProcess =>
  spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })

export const firstLine = async (child: ChildProcess): Promise<string> => {
  if (child.stdout === null) throw new Error('the child has no standard output')
  const lines = createInterface({ input: child.stdout })
  for await (const line of lines) {
    lines.close()
    return line
  }
  throw new Error('the child ended before it said anything')
}

export type LoopbackProcess = {
  readonly url: string
  stats(): Promise<{ requests: number; byPrompt: Record<string, number>; answeredByPrompt: Record<string, number> }>
  close(): void
}

export const startLoopbackProcess = async (options: object): Promise<LoopbackProcess> => {
  const child = startBenchFile('./loopback-server.ts', [JSON.stringify(options)])
  const { url } = JSON.parse(await firstLine(child)) as { url: string }
  return {
    url,
    stats: async () => (await fetch(new URL('/stats', url))).json() as ReturnType<LoopbackProcess['stats']>,
    close: () => child.stdin?.end(),
  }
}

/** What a whole process took, from its first instruction to its end: the kernel's own accounts. */
export type Usage = {
  readonly code: number | null
  readonly wallMs: number
  readonly cpuSeconds: number
  readonly peakMb: number
  readonly stdout: string
}

/**
 * Runs a command and reads its accounts from /proc while it lives, every 5 ms for CPU and peak memory (VmHWM only rises, so
 * the last reading is the peak up to 5 ms before the end). Linux only, as are the bounds.
 */
export const measure = async (
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Usage> => {
  const started = performance.now()
  const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'inherit'], env })
  const out: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => out.push(part))
  let cpuSeconds = 0
  let peakMb = 0
  const read = (): void => {
    try {
      const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      // utime and stime are fields 14 and 15 of proc(5), in ticks of 10 ms.
      cpuSeconds = Math.max(cpuSeconds, (Number(fields[11]) + Number(fields[12])) / 100)
      const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]
      if (peak !== undefined) peakMb = Math.max(peakMb, Number(peak) / 1024)
    } catch (error) {
      // The process ended between two readings.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' && (error as NodeJS.ErrnoException).code !== 'ESRCH')
        throw error
    }
  }
  const timer = setInterval(read, 5)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (exit) => resolve(exit))
  })
  const wallMs = performance.now() - started
  clearInterval(timer)
  return { code, wallMs, cpuSeconds, peakMb, stdout: Buffer.concat(out).toString() }
}
