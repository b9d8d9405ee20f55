import type { Failure } from '../../src-core/domain/execution.ts'
import { type CallId, callId } from '../../src-core/domain/ids.ts'
import type { Message, PromptTemplate } from '../../src-core/domain/prompt.ts'
import type { TestCase } from '../../src-core/domain/test-case.ts'
import { evaluateCell } from '../../src-core/evaluators/evaluate.ts'
import type { EvaluationInput, EvaluatorServices } from '../../src-core/evaluators/evaluator.ts'
import { cellIdOf, type DealtCell, dealCells } from '../../src-core/experiment/matrix.ts'
import { createPhilox } from '../../src-core/ports/philox.ts'
import type { Simulation } from '../../src-core/ports/provider.ts'
import { renderMessages } from '../../src-core/template/render.ts'
import type { CallAnswer, CallRequest } from '../scheduler/call-types.ts'
import { modelFingerprint, responseKey } from './cache-key.ts'
import type { Ask, Reply, ScoredCell, ToWorker, WorkerStart } from './channel.ts'
import { createOpponents } from './opponents.ts'

/** What a runner tells its host; each is gathered per turn by the channel. */
export type RunnerOutput = {
  call(group: readonly CallRequest[]): void
  scored(cell: ScoredCell): void
  ask(ask: Ask): void
  done(): void
}

type Cell = DealtCell & {
  readonly index: number
  readonly messages: readonly Message[]
  /** Something it needed was let go: it stays open for a resume. */
  dropped: boolean
}
type AskBody = Ask extends infer Each ? (Each extends { number: number } ? Omit<Each, 'number'> : never) : never

/** What the simulated world must know of a cell, as no text of a prompt tells it. */
const simulationOf = (template: PromptTemplate, testCase: TestCase): Simulation => {
  const [expected] = testCase.expected
  return {
    template: template.kind === 'text' ? template.text : template.messages.map((message) => message.content).join('\n'),
    case: testCase.id,
    expected: expected === undefined ? null : typeof expected === 'string' ? expected : JSON.stringify(expected),
  }
}

/**
 * The thread's part of a run: deals blocks in order, renders, waits for answers, evaluates. It holds at most `window` open
 * cells (a cell is open until its scores are on the disk), so that a slow disk or a slow server never piles up memory.
 */
export const createCellRunner = (
  start: WorkerStart,
  out: RunnerOutput,
): { readonly receive: (message: ToWorker) => void; readonly begin: () => void } => {
  const { snapshot, experiment } = start
  const deal = dealCells(snapshot, createPhilox(snapshot.seed))
  const recorded = new Uint8Array(deal.cells)
  for (const index of start.recorded) recorded[index] = 1
  const baseline = snapshot.variants.findIndex((variant) => variant.name === snapshot.baseline)
  const fingerprints = snapshot.models.map((model) =>
    modelFingerprint(model, start.identities[model.id]?.digest ?? null),
  )
  const modelNumbers = new Map(snapshot.models.map((model, index) => [model.id, index]))
  const isSimulated = (id: string): boolean =>
    snapshot.models.some((model) => model.id === id && model.provider === 'simulated')
  const simulated = new Set(
    snapshot.models.flatMap((model) => ([model.id, ...model.fallback].some(isSimulated) ? [model.id] : [])),
  )
  const opponents = createOpponents()
  const openInBlock = new Map<number, number>()
  const waitingCells = new Map<CallId, Cell>()
  const waitingCalls = new Map<CallId, (answer: CallAnswer | null) => void>()
  const waitingReplies = new Map<number, (reply: Reply) => void>()
  let asked = 0
  let nextBlock = 0
  /** Cells without scores, and scored cells not yet on the disk. */
  let open = 0
  let unsaved = 0
  let closed = false
  let done = false

  const ask = (body: AskBody): Promise<Reply> =>
    new Promise((resolve) => {
      const number = ++asked
      waitingReplies.set(number, resolve)
      out.ask({ ...body, number } as Ask)
    })

  const leave = (cell: Cell): void => {
    const left = (openInBlock.get(cell.block) ?? 1) - 1
    if (left > 0) openInBlock.set(cell.block, left)
    else {
      openInBlock.delete(cell.block)
      opponents.forget(cell.block)
    }
    open--
  }
  const score = (cell: Cell, outcome: Omit<ScoredCell, 'cell'>): void => {
    leave(cell)
    unsaved++
    out.scored({ ...outcome, cell: cell.index })
  }
  const fail = (cell: Cell, call: CallId | null, failure: Failure | null): void =>
    score(cell, { call, failure, score: 0, passed: false, scores: [] })

  const requestOf = (
    cell: Cell,
    details: Pick<CallRequest, 'kind' | 'purpose' | 'model' | 'messages'> &
      Pick<Partial<CallRequest>, 'responseFormat' | 'simulation'>,
  ): CallRequest => {
    const model = modelNumbers.get(details.model) ?? -1
    const extra = details.responseFormat
    return {
      simulation: null,
      ...details,
      id: callId(details.purpose),
      cell: cellIdOf(experiment, cell.index),
      repetition: cell.repetition,
      affinity: details.kind === 'task' ? (snapshot.variants[cell.variant]?.name ?? null) : details.kind,
      cacheKey:
        snapshot.cache === 'off'
          ? null
          : responseKey(`${details.kind === 'embedding' ? 'embedding' : 'answer'} ${fingerprints[model] ?? ''}`, {
              messages: details.messages,
              repetition: cell.repetition,
              extra,
            }),
    }
  }
  /** A judge's or embedding call; null when it was let go, and then so is its cell. */
  const followUp = (cell: Cell, request: CallRequest): Promise<CallAnswer | null> => {
    // Several evaluators of one name would share a purpose; the second asks for the same call.
    const { promise, resolve } = Promise.withResolvers<CallAnswer | null>()
    const earlier = waitingCalls.get(request.id)
    waitingCalls.set(request.id, (answer) => {
      earlier?.(answer)
      if (answer === null) cell.dropped = true
      resolve(answer)
    })
    if (earlier === undefined) out.call([request])
    return promise
  }
  const letGo: Failure = { code: 'cancelled', message: 'the run ended before this call' }

  const servicesFor = (cell: Cell): EvaluatorServices => ({
    async matchRegex(pattern, flags, text) {
      const reply = await ask({ kind: 'regex', pattern, flags, text })
      return reply.kind === 'regex' ? reply.verdict : { kind: 'invalid', message: 'no verdict' }
    },
    async runScript(code, input) {
      const reply = await ask({ kind: 'script', code, input })
      return reply.kind === 'script' ? reply.verdict : { kind: 'error', message: 'no verdict' }
    },
    async judge({ purpose, model, messages, responseFormat }) {
      const full = `judge:${cellIdOf(experiment, cell.index)}:${purpose}`
      const format = responseFormat === null ? {} : { responseFormat }
      const answer = await followUp(cell, requestOf(cell, { kind: 'judge', purpose: full, model, messages, ...format }))
      if (answer === null) return { failure: letGo }
      if (answer.response === null) return { failure: answer.failure ?? letGo }
      return { output: answer.response.output, servedModel: answer.response.servedModel }
    },
    async embed({ purpose, model, texts }) {
      const full = `embedding:${cellIdOf(experiment, cell.index)}:${purpose}`
      const messages = texts.map((content) => ({ role: 'user', content }) as const)
      const answer = await followUp(cell, requestOf(cell, { kind: 'embedding', purpose: full, model, messages }))
      if (answer === null) return { failure: letGo }
      if (answer.response === null) return { failure: answer.failure ?? letGo }
      return { vectors: JSON.parse(answer.response.output) as number[][] }
    },
  })

  const opponentOf = async (cell: Cell): ReturnType<EvaluationInput['opponent']> => {
    if (cell.variant === baseline || baseline < 0) return 'self'
    const span = deal.block(cell.block)
    for (let index = span.first; index < span.first + span.size; index++) {
      if (recorded[index] !== 1) continue
      const other = deal.cell(index)
      if (other.variant !== baseline || other.model !== cell.model) continue
      const reply = await ask({ kind: 'output', cell: index })
      return reply.kind !== 'output' || reply.output === null ? null : { output: reply.output }
    }
    const opponent = await opponents.of(cell.block, cell.model)
    if (opponent !== 'gone') return opponent
    cell.dropped = true
    return null
  }

  const answered = (cell: Cell, answer: CallAnswer): void => {
    if (cell.variant === baseline)
      opponents.settle(cell.block, cell.model, answer.response === null ? null : { output: answer.response.output })
    const call = answer.unrecorded ? null : answer.id
    if (answer.response === null) return fail(cell, call, answer.failure)
    const testCase = snapshot.cases[cell.case]
    if (testCase === undefined) throw new RangeError(`the experiment has no case ${cell.case}`)
    const input: EvaluationInput = {
      testCase,
      response: answer.response,
      costUsd: answer.costUsd,
      messages: cell.messages,
      opponent: () => opponentOf(cell),
    }
    void evaluateCell(testCase.evaluators ?? snapshot.evaluators, input, servicesFor(cell)).then((result) => {
      if (cell.dropped) leave(cell)
      else score(cell, { call, failure: null, ...result })
      advance()
    })
  }

  const begin = (block: number): void => {
    const span = deal.block(block)
    const group: CallRequest[] = []
    const ready: (() => void)[] = []
    for (let index = span.first; index < span.first + span.size; index++) {
      if (recorded[index] === 1) continue
      const dealt = deal.cell(index)
      const variant = snapshot.variants[dealt.variant]
      const testCase = snapshot.cases[dealt.case]
      const model = snapshot.models[dealt.model]
      if (variant === undefined || testCase === undefined || model === undefined)
        throw new RangeError(`cell ${index} does not fit the snapshot`)
      const rendered = renderMessages(variant.template, testCase.inputs)
      open++
      openInBlock.set(block, (openInBlock.get(block) ?? 0) + 1)
      if ('missing' in rendered) {
        const cell: Cell = { ...dealt, index, messages: [], dropped: false }
        const message = `the case has no value for ${rendered.missing.map((name) => `{${name}}`).join(', ')}`
        if (dealt.variant === baseline) opponents.settle(block, dealt.model, null)
        ready.push(() => fail(cell, null, { code: 'render', message }))
        continue
      }
      const cell: Cell = { ...dealt, index, messages: rendered.messages, dropped: false }
      const stored = start.answered.get(index)
      if (stored !== undefined) {
        ready.push(() => answered(cell, stored))
        continue
      }
      const purpose = `task:${cellIdOf(experiment, index)}`
      const simulation = simulated.has(model.id) ? simulationOf(variant.template, testCase) : null
      const request = requestOf(cell, { kind: 'task', purpose, model: model.id, messages: cell.messages, simulation })
      waitingCells.set(request.id, cell)
      group.push(request)
    }
    if (group.length > 0) out.call(group)
    for (const act of ready) act()
  }

  const advance = (): void => {
    while (!closed && nextBlock < deal.blocks && open + unsaved < start.window) begin(nextBlock++)
    if (!done && open === 0 && unsaved === 0 && (closed || nextBlock >= deal.blocks)) {
      done = true
      out.done()
    }
  }

  return {
    begin: advance,
    receive(message) {
      if (message.close) closed = true
      unsaved -= message.recorded
      for (const reply of message.replies) {
        waitingReplies.get(reply.number)?.(reply)
        waitingReplies.delete(reply.number)
      }
      for (const answer of message.answers) {
        const cell = waitingCells.get(answer.id)
        if (cell !== undefined) {
          waitingCells.delete(answer.id)
          answered(cell, answer)
          continue
        }
        waitingCalls.get(answer.id)?.(answer)
        waitingCalls.delete(answer.id)
      }
      for (const id of message.dropped) {
        const cell = waitingCells.get(id)
        if (cell !== undefined) {
          waitingCells.delete(id)
          if (cell.variant === baseline) opponents.settle(cell.block, cell.model, 'gone')
          leave(cell)
          continue
        }
        waitingCalls.get(id)?.(null)
        waitingCalls.delete(id)
      }
      advance()
    },
  }
}
