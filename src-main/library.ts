/** `import { PromptLab } from 'prompt-lab'`: the same services as the command line's, typed. */

import { LabError } from '../src-core/domain/errors.ts'
import type { Execution } from '../src-core/domain/execution.ts'
import { contentHash } from '../src-core/domain/ids.ts'
import type { Message, PromptTemplate, PromptVariant } from '../src-core/domain/prompt.ts'
import type { ExperimentReport } from '../src-core/domain/report.ts'
import type { Progress } from '../src-core/experiment/progress.ts'
import { reportSchema } from '../src-core/experiment/render/json.ts'
import type { LabObject } from '../src-core/lab/lab-schema.ts'
import type { ExecutionFilter } from '../src-core/ports/store.ts'
import { findVariables } from '../src-core/template/variables.ts'
import type { RunEvent } from './engine/run-types.ts'
import type { Lab } from './lab.ts'
import { labVersion } from './package-root.ts'
import type { AnalysisFlags } from './services/experiments.ts'
import { hashOf } from './services/identity.ts'
import type { LoadedLab, RunOverrides } from './services/lab-loader.ts'

export { LabError, type LabErrorCode, type Problem } from '../src-core/domain/errors.ts'
export type { Execution } from '../src-core/domain/execution.ts'
export type { Message, PromptTemplate, PromptVariant } from '../src-core/domain/prompt.ts'
export type * from '../src-core/domain/report.ts'
export type { Progress } from '../src-core/experiment/progress.ts'
export type { LabObject } from '../src-core/lab/lab-schema.ts'
export type { ExecutionFilter } from '../src-core/ports/store.ts'
export type { AnalysisFlags } from './services/experiments.ts'
export type { RunOverrides } from './services/lab-loader.ts'

export type PromptLabOptions = {
  /** The database file; by the convention of the operating system when absent. */
  readonly db?: string
  /** Values of API keys by the name of their environment variable; process.env unless given. */
  readonly secrets?: (name: string) => string | undefined
  /**
   * Sentences for people: a warning about the lab, a row of a case file that was left out (and where it is kept), a
   * migration, a slow provider, why a run ended early. Nothing is printed by itself.
   */
  readonly onNotice?: (message: string) => void
}

/** The report with its schema's name and version, as every door gives it. */
export type ReportObject = ExperimentReport & { readonly schema: string; readonly labVersion: string }

const objectOf = (report: ExperimentReport): ReportObject => ({
  schema: reportSchema,
  labVersion: labVersion(),
  ...report,
})

export type NewPrompt = {
  /** Prompts, cases and history of equal project names belong together; the lab file's `name`. */
  readonly project: string
  readonly name: string
  readonly description?: string
  readonly tags?: readonly string[]
} & ({ readonly text: string } | { readonly messages: readonly Message[] })

export type RunExperimentOptions = {
  /** What the command line's flags say: seed, concurrency, limit, variants, models, cases, budget. */
  readonly overrides?: RunOverrides
  /** At most ten times a second. */
  readonly onProgress?: (progress: Progress) => void
  /** Aborting finishes the calls in flight and saves; the report's status is then "interrupted". */
  readonly signal?: AbortSignal
  /** Folder of the lab object's files; the working directory unless given. Not used for a lab file. */
  readonly baseDir?: string
}

/**
 * A lab in a program of your own. Opens its database at the first call; `close` it at the end (or `await using`).
 * Every method rejects with LabError, whose `code` is closed and whose `problems` name file, line and column.
 *
 * @example
 * const lab = new PromptLab({ db: 'prompts.db' })
 * const report = await lab.runExperiment('lab.yaml')
 * console.log(report.recommendation.sentence)
 * await lab.close()
 */
export class PromptLab {
  readonly #options: PromptLabOptions
  #opened: Promise<Lab> | null = null
  #closed = false

  constructor(options: PromptLabOptions = {}) {
    if (!(Number(process.versions.napi) >= 10)) {
      throw new LabError('node-too-old', `Prompt Lab needs Node 22.14 or newer; this is Node ${process.versions.node}.`)
    }
    this.#options = options
  }

  #lab(): Promise<Lab> {
    if (this.#closed) throw new LabError('usage', 'this PromptLab is closed; make a new one')
    this.#opened ??= import('./lab.ts').then(({ openLab }) => openLab(this.#options))
    return this.#opened
  }

  #notice(message: string): void {
    this.#options.onNotice?.(message)
  }

  /** Stores a prompt; equal content keeps its version number, new content gets the next. */
  async registerPromptVariant(prompt: NewPrompt): Promise<PromptVariant> {
    const template: PromptTemplate =
      'text' in prompt ? { kind: 'text', text: prompt.text } : { kind: 'messages', messages: prompt.messages }
    for (const field of ['project', 'name'] as const) {
      if (typeof prompt[field] === 'string' && prompt[field].trim() !== '') continue
      throw new LabError(
        'usage',
        `registerPromptVariant needs a ${field}: prompts of one project and name are versions of each other.`,
      )
    }
    const lab = await this.#lab()
    return lab.store.registerVariant(prompt.project, {
      name: prompt.name,
      hash: contentHash(hashOf(template)),
      template,
      variables: findVariables(template),
      description: prompt.description ?? '',
      tags: prompt.tags ?? [],
      active: true,
      isDefault: false,
      parents: [],
      createdBy: 'person',
    })
  }

  /**
   * Runs a lab file, the lab.yaml of a folder, or an object of the same shape, to its end and returns the report, whose
   * `status` says whether it came to its end. A prompt of `registerPromptVariant` is named by `ref: name` or `name@3`.
   */
  async runExperiment(source: string | LabObject, options: RunExperimentOptions = {}): Promise<ReportObject> {
    const lab = await this.#lab()
    const load = options.overrides === undefined ? {} : { run: options.overrides }
    const loaded =
      typeof source === 'string'
        ? await lab.load(source, load)
        : await lab.loadObject(source, options.baseDir ?? process.cwd(), load)
    await this.#tellOf(lab, loaded)
    options.signal?.throwIfAborted()
    const watched = this.#watch(options.onProgress)
    const handle = await lab.experiments.start(loaded.snapshot, { onEvent: watched.onEvent })
    const onAbort = () => handle.stop('finish')
    watched.failed.then(onAbort)
    options.signal?.addEventListener('abort', onAbort, { once: true })
    // Aborted while the model was being identified: the listener came too late for it.
    if (options.signal?.aborted === true) onAbort()
    try {
      const { cause } = await handle.done
      if (cause !== null) this.#notice(`Stopped: ${cause.message}`)
      watched.rethrow()
    } finally {
      options.signal?.removeEventListener('abort', onAbort)
    }
    return objectOf(await lab.experiments.report(handle.id))
  }

  /** A caller's function that throws must not break the engine half way: the run is saved, then the error comes out. */
  #watch(onProgress: RunExperimentOptions['onProgress']) {
    const failed = Promise.withResolvers<void>()
    const errors: unknown[] = []
    const onEvent = (event: RunEvent): void => {
      try {
        if (event.kind === 'progress') onProgress?.(event.progress)
        else if (event.kind === 'notice') this.#notice(event.message)
        else if (event.kind === 'paused' && event.cause !== null) this.#notice(`Paused: ${event.cause.message}`)
      } catch (error) {
        errors.push(error)
        failed.resolve()
      }
    }
    const rethrow = (): void => {
      if (errors.length > 0) throw errors[0]
    }
    return { onEvent, failed: failed.promise, rethrow }
  }

  /** No row is lost silently: what could not be read is kept beside its file, and said. */
  async #tellOf(lab: Lab, { warnings, rejects }: LoadedLab): Promise<void> {
    for (const warning of warnings) this.#notice(warning)
    for (const file of await lab.writeRejects(rejects, null)) {
      this.#notice(`rows that could not be read are kept in ${file}`)
    }
  }

  /** The rows of a stored experiment in the order they were dealt, read in pages; the newest experiment without an id. */
  async *results(experiment: string | null = null, filter: ExecutionFilter = {}): AsyncGenerator<Execution> {
    const lab = await this.#lab()
    const record = await lab.experiments.find(experiment)
    yield* lab.experiments.executions(record.id, filter)
  }

  /** The full analysis of a stored experiment: by id or its beginning; the newest without one. */
  async analyze(experiment: string | null = null, flags: AnalysisFlags = {}): Promise<ReportObject> {
    const lab = await this.#lab()
    const record = await lab.experiments.find(experiment)
    return objectOf(await lab.experiments.report(record.id, flags))
  }

  /** Ends the threads and processes behind it. Closing twice, or what was never opened, does nothing. */
  async close(): Promise<void> {
    this.#closed = true
    const opened = this.#opened
    this.#opened = null
    // A lab that could not be opened has nothing to close; whoever asked for it has been told why.
    const lab = await opened?.catch(() => null)
    await lab?.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
