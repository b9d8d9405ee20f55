import { createInterface } from 'node:readline'
import { experimentId } from '../src-core/domain/ids.ts'
import { openTestHost } from '../src-main/engine/test/run-lab.ts'
import { startBenchFile } from './child.ts'

export type CrashTrial = {
  readonly url: string
  readonly path: string
  readonly cells: number
  readonly concurrency: number
  /** Makes the prompts of this trial its own. */
  readonly salt: string
  /** Milliseconds after the run began; the process gets SIGKILL. */
  readonly killAfterMs: number
  readonly requests: () => Promise<{ readonly requests: number; readonly byPrompt: Readonly<Record<string, number>> }>
}

export type CrashResult = {
  /** Results that the killed run had said to be on the disk, and results found there. */
  readonly acknowledged: number
  readonly recorded: number
  /** After the resume. */
  readonly results: number
  readonly cells: number
  readonly wrong: number
  readonly repeated: number
  readonly attempts: number
  readonly requests: number
  readonly ended: boolean
}

/** Kills a run, resumes it, and compares what the server saw with what the database says. */
export const crashTrial = async (trial: CrashTrial): Promise<CrashResult> => {
  const before = await trial.requests()
  const args = [trial.url, trial.path, String(trial.cells), String(trial.concurrency), trial.salt]
  const child = startBenchFile('./crash-child.ts', args)
  let acknowledged = 0
  let id: string | null = null
  let ended = false
  let timer: NodeJS.Timeout | null = null
  if (child.stdout === null) throw new Error('the child has no standard output')
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'ended') ended = true
    else if (/^\d+$/.test(line)) acknowledged = Number(line)
    else {
      id = line
      timer = setTimeout(() => child.kill('SIGKILL'), trial.killAfterMs)
    }
  }
  if (timer !== null) clearTimeout(timer)
  if (id === null) throw new Error('the run never began')

  const lab = await openTestHost({ path: trial.path })
  try {
    const experiment = experimentId(id)
    const recorded = (await lab.store.runState(experiment)).recorded.length
    if (!ended) await (await lab.resume(experiment)).done
    const rows = await lab.executions(experiment)
    const after = await trial.requests()
    const ledger = await lab.store.ledger(experiment)
    let repeated = 0
    for (const [prompt, count] of Object.entries(after.byPrompt))
      repeated += Math.max(0, count - (before.byPrompt[prompt] ?? 0) - 1)
    return {
      acknowledged,
      recorded,
      results: new Set(rows.map((row) => row.cell)).size,
      cells: rows.length,
      wrong: rows.filter((row) => row.output !== 'spam' && row.output !== 'ham').length,
      repeated,
      attempts: ledger.attempts,
      requests: after.requests - before.requests,
      ended,
    }
  } finally {
    await lab.close()
  }
}

/** What is wrong with a trial, in words; null where nothing is. */
export const crashFault = (trial: CrashTrial, result: CrashResult): string | null => {
  if (result.recorded < result.acknowledged) return `${result.acknowledged - result.recorded} acknowledged results lost`
  if (result.results !== trial.cells) return `${trial.cells - result.results} results missing after the resume`
  if (result.cells !== trial.cells) return `${result.cells - trial.cells} results doubled`
  if (result.wrong > 0) return `${result.wrong} results without the server's answer`
  if (result.repeated > trial.concurrency)
    return `${result.repeated} calls repeated, more than ${trial.concurrency} in flight`
  if (result.attempts < result.requests)
    return `the ledger says ${result.attempts} attempts, the server saw ${result.requests}`
  return null
}
