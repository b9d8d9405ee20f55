import { createInterface } from 'node:readline/promises'
import type { ExperimentSnapshot } from '../src-core/domain/experiment.ts'
import type { ExperimentId } from '../src-core/domain/ids.ts'
import type { ExperimentReport } from '../src-core/domain/report.ts'
import { warmEngine } from '../src-main/engine/engine-thread.ts'
import type { RunEvent, RunHandle } from '../src-main/engine/run-types.ts'
import { keepYoungSpaceSmall } from '../src-main/engine/young-space.ts'
import { keyVariable } from '../src-main/providers/credentials.ts'
import type { Door } from './door.ts'
import type { RunFlags } from './flags.ts'
import { createProgress } from './progress-line.ts'
import { renderPlan } from './render-plan.ts'
import { gatesExitCode, showReport } from './show-report.ts'

type What = { readonly lab: string } | { readonly snapshot: ExperimentSnapshot } | { readonly resume: string | null }

type Options = RunFlags & { readonly out?: string }

/** Runs or resumes an experiment with live progress, Ctrl+C and the contract's exit codes, then shows its report. */
export const runExperiment = async (door: Door, what: What, options: Options): Promise<void> => {
  if (options.out !== undefined) await door.lab.prepareFolder(options.out)
  keepYoungSpaceSmall()
  warmEngine()
  const progress = createProgress(door.output)
  const onEvent = (event: RunEvent) => {
    if (event.kind === 'progress') progress.show(event.progress)
    else if (event.kind === 'notice') door.output.say(event.message)
    else if (event.kind === 'paused' && event.cause !== null) door.output.warn(`Paused: ${event.cause.message}`)
  }
  const handle =
    'resume' in what
      ? await resume(door, what.resume, options, onEvent)
      : await start(door, 'lab' in what ? await load(door, what.lab, options) : what.snapshot, options, onEvent)
  if (handle === null) return
  const release = handleInterrupts(handle, door)
  try {
    const end = await handle.done
    progress.end()
    if (end.cause !== null) door.output.warn(`${door.output.paint('yellow', 'stopped')} ${end.cause.message}`)
    const report = await door.lab.experiments.report(handle.id, {})
    await showReport(door, report, { out: options.out ?? null, executions: true })
    process.exitCode = exitCode(report)
    if (report.status !== 'done') door.output.say(await howToContinue(door, report, handle.id))
  } finally {
    progress.end()
    release()
  }
}

/** 0 done and every gate passed; 100 a gate failed; 2 budget or refused; 130 interrupted; 1 when every cell failed. */
const exitCode = (report: ExperimentReport): number => {
  if (report.status === 'interrupted' || report.status === 'running') return 130
  if (report.status === 'budget' || report.status === 'refused') return 2
  if (report.results > 0 && report.failed === report.results) return 1
  return gatesExitCode(report)
}

/** A run that stopped is not lost; the person may not know the word that continues it, nor which key was wrong. */
const howToContinue = async ({ lab }: Door, report: ExperimentReport, id: ExperimentId): Promise<string> => {
  const command = `promptlab run --resume ${id}`
  if (report.status === 'budget') return `Continue with a larger budget:  ${command} --budget-...`
  if (report.status !== 'refused') return `Continue with:  ${command}`
  const { models } = await lab.store.snapshot(id)
  const variables = models.flatMap((model) => {
    const entry = lab.providers.entries.find((one) => one.id === model.provider)
    return entry === undefined ? [] : (keyVariable(entry, model) ?? [])
  })
  const named = [...new Set(variables)].join(', ')
  return `Check the key${named === '' ? '' : ` in the environment variable ${named}`}, then continue with:  ${command}`
}

type OnEvent = (event: RunEvent) => void

const load = async ({ lab, output }: Door, path: string, options: Options): Promise<ExperimentSnapshot> => {
  const { snapshot, warnings, rejects } = await lab.load(path, { run: options })
  for (const warning of warnings) output.warn(`${output.paint('yellow', 'note')} ${warning}`)
  for (const file of await lab.writeRejects(rejects, options.out ?? null)) {
    output.warn(`${output.paint('yellow', 'note')} rows that could not be read are kept in ${file}`)
  }
  return snapshot
}

const start = async (
  { lab, output }: Door,
  snapshot: ExperimentSnapshot,
  options: Options,
  onEvent: OnEvent,
): Promise<RunHandle | null> => {
  const mayAsk = options.yes !== true && process.stdin.isTTY === true && !output.json
  if (mayAsk || !output.quiet) {
    const plan = lab.experiments.plan(snapshot)
    output.say(renderPlan(plan, snapshot, output.paint))
    const costs = plan.usd !== null && plan.usd.high > 0
    if (mayAsk && costs && !(await agreed())) {
      output.say('Nothing was sent.')
      return null
    }
  }
  return lab.experiments.start(snapshot, { onEvent })
}

const agreed = async (): Promise<boolean> => {
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await prompt.question('Go on? [Y/n] ')
  prompt.close()
  return /^\s*(y(es)?)?\s*$/i.test(answer)
}

const resume = async (
  { lab, output }: Door,
  reference: string | null,
  options: RunFlags,
  onEvent: OnEvent,
): Promise<RunHandle> => {
  const record = await lab.experiments.findUnfinished(reference)
  output.say(`Resuming ${record.id}: ${record.results} of ${record.cells} cells have a result.`)
  return lab.experiments.resume(record.id, {
    onEvent,
    budget: {
      ...(options.budgetCalls === undefined ? {} : { calls: options.budgetCalls }),
      ...(options.budgetTokens === undefined ? {} : { tokens: options.budgetTokens }),
      ...(options.budgetUsd === undefined ? {} : { usd: options.budgetUsd }),
      ...(options.budgetMinutes === undefined ? {} : { minutes: options.budgetMinutes }),
    },
    ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
  })
}

/** Ctrl+C once: finish what is in flight and save. Twice: stop now. */
const handleInterrupts = (handle: RunHandle, { output }: Door): (() => void) => {
  let pressed = 0
  const onInterrupt = () => {
    pressed++
    if (pressed === 1) {
      output.warn('Finishing the calls in flight, then saving. Press Ctrl+C again to stop at once.')
      handle.stop('finish')
    } else handle.stop('now')
  }
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onInterrupt)
  return () => {
    process.off('SIGINT', onInterrupt)
    process.off('SIGTERM', onInterrupt)
  }
}
