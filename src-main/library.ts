/** `import { PromptLab } from 'prompt-lab'`: the same services as the command line's, typed. */
import { contentHash } from '../src-core/domain/ids.ts'
import { LabError } from '../src-core/domain/errors.ts'
import type { Message, PromptTemplate, PromptVariant } from '../src-core/domain/prompt.ts'
import type { ExperimentReport } from '../src-core/domain/report.ts'
import type { Progress } from '../src-core/experiment/progress.ts'
import { findVariables } from '../src-core/template/variables.ts'
import type { Lab } from './lab.ts'
import type { AnalysisFlags } from './services/experiments.ts'
import { hashOf } from './services/identity.ts'
import type { RunOverrides } from './services/lab-loader.ts'

export { LabError, type LabErrorCode } from '../src-core/domain/errors.ts'
export type { Execution } from '../src-core/domain/execution.ts'
export type { Message, PromptTemplate, PromptVariant } from '../src-core/domain/prompt.ts'
export type * from '../src-core/domain/report.ts'
export type { Progress } from '../src-core/experiment/progress.ts'

export type PromptLabOptions = {
  /** The database file; by the convention of the operating system when absent. */
  readonly db?: string
  /** Values of API keys by the name of their environment variable; process.env unless given. */
  readonly secrets?: (name: string) => string | undefined
  /** Sentences for people (a migration, a slow provider). */
  readonly onNotice?: (message: string) => void
}

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

  constructor(options: PromptLabOptions = {}) {
    if (!(Number(process.versions.napi) >= 10)) {
      throw new LabError('node-too-old', `Prompt Lab needs Node 22.14 or newer; this is Node ${process.versions.node}.`)
    }
    this.#options = options
  }

  #lab(): Promise<Lab> {
    this.#opened ??= import('./lab.ts').then(({ openLab }) => openLab(this.#options))
    return this.#opened
  }

  /** Stores a prompt; equal content keeps its version number, new content gets the next. */
  async registerPromptVariant(prompt: NewPrompt): Promise<PromptVariant> {
    const template: PromptTemplate =
      'text' in prompt ? { kind: 'text', text: prompt.text } : { kind: 'messages', messages: prompt.messages }
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

  /** Runs a lab file, or an object of the same shape, to its end and returns the report. */
  async runExperiment(source: string | object, options: RunExperimentOptions = {}): Promise<ExperimentReport> {
    const lab = await this.#lab()
    const load = options.overrides === undefined ? {} : { run: options.overrides }
    const { snapshot } =
      typeof source === 'string'
        ? await lab.load(source, load)
        : await lab.loadObject(source, options.baseDir ?? process.cwd(), load)
    options.signal?.throwIfAborted()
    const { onProgress } = options
    const handle = await lab.experiments.start(snapshot, {
      ...(onProgress === undefined
        ? {}
        : { onEvent: (event) => (event.kind === 'progress' ? onProgress(event.progress) : undefined) }),
    })
    const onAbort = () => handle.stop('finish')
    options.signal?.addEventListener('abort', onAbort, { once: true })
    try {
      await handle.done
    } finally {
      options.signal?.removeEventListener('abort', onAbort)
    }
    return lab.experiments.report(handle.id)
  }

  /** The full analysis of a stored experiment: by id or its beginning; the newest without one. */
  async analyze(experiment: string | null = null, flags: AnalysisFlags = {}): Promise<ExperimentReport> {
    const lab = await this.#lab()
    const record = await lab.experiments.find(experiment)
    return lab.experiments.report(record.id, flags)
  }

  async close(): Promise<void> {
    const opened = this.#opened
    this.#opened = null
    await (await opened)?.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
