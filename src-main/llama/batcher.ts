import { type Answer, type AnswerEnd, createAnswer } from './answer.ts'
import type { Contexts, Decoder, TokenStream } from './decoder.ts'
import { GenerationFailure } from './generation-failure.ts'
import type { GenerationRequest, GenerationResult } from './protocol.ts'
import { neighbours, reusable, type Slot, slotFor, slotsOf } from './slots.ts'

export type Batcher = {
  /** Resolves with the answer, or rejects with GenerationFailure. `signal` frees the sequence before the next step. */
  generate(prompt: readonly number[], request: GenerationRequest, options: GenerateOptions): Promise<GenerationResult>
}

export type GenerateOptions = {
  readonly signal: { readonly aborted: boolean }
  readonly onFirstToken: () => void
}

type Vocabulary = {
  /** Text of answer tokens that follow these last tokens of the prompt. */
  text(tokens: readonly number[], before: readonly number[]): string
  count(text: string): number
}

type Dependencies = {
  readonly vocabulary: Vocabulary
  readonly now: () => number
  readonly contexts: Contexts
}

/** Tokens to leave for an answer whose length the lab does not limit, before the context is made larger. */
const usualAnswer = 512

/** Small enough that a cancelled request frees its sequence soon, large enough that no speed is lost. */
const prefillChunk = 256

type Waiting = {
  readonly prompt: readonly number[]
  readonly request: GenerationRequest
  readonly options: GenerateOptions
  readonly resolve: (result: GenerationResult) => void
  readonly reject: (error: unknown) => void
}

type Running = Waiting & {
  readonly slot: Slot
  readonly startedAt: number
  readonly answer: Answer
  cached: number
  /** Prompt tokens not evaluated yet. */
  pending: readonly number[]
  stream: TokenStream | null
  firstTokenMs: number | null
  batched: boolean
}

/**
 * Continuous batching over context sequences. Each step is one pass through the model: either a chunk of one request's
 * prompt, or one token of every running answer at once. Prompts go alone because their passes are bound by computing, so
 * that a shared pass would gain nothing (and sequences of unequal length are split into passes anyway); answers go
 * together because theirs are bound by reading the model's weights. A prompt's pass comes first, so that answers meet.
 */
export const createBatcher = ({ vocabulary, now, contexts }: Dependencies): Batcher => {
  const waiting: Waiting[] = []
  const running: Running[] = []
  let decoder: Decoder | null = null
  let slots: Slot[] = []
  let uses = 0
  let turning = false
  let answersNext = false

  /** Room that a request asks for: its answer may be cut short by the context, its prompt may not. */
  const wanted = ({ prompt, request }: Waiting) =>
    Math.min(prompt.length + (request.maxTokens ?? usualAnswer), contexts.largestRoom())

  const tooLong = ({ prompt }: Waiting) =>
    new GenerationFailure(
      'context-length',
      `The prompt has ${prompt.length} tokens; this model takes at most ${contexts.largestRoom()} here.`,
    )

  /** A larger context replaces the present one, so it can only come while nothing runs. False: not now. */
  const makeRoom = async (entry: Waiting): Promise<boolean> => {
    if (decoder !== null && decoder.room >= wanted(entry)) return true
    if (running.length > 0) return false
    decoder = await contexts.withRoom(wanted(entry))
    slots = slotsOf(decoder)
    return true
  }

  const admit = async (): Promise<void> => {
    for (let i = 0; i < waiting.length; ) {
      const entry = waiting[i] as Waiting
      const refuse = (error: unknown) => {
        waiting.splice(i, 1)
        entry.reject(error)
      }
      if (entry.options.signal.aborted) {
        refuse(cancelled())
        continue
      }
      if (running.some((other) => other.request.exclusive)) return
      if (entry.request.exclusive && running.length > 0) return
      if (entry.prompt.length <= contexts.largestRoom() && !(await makeRoom(entry))) return
      // Asked again: there may have been less memory for a larger context than thought.
      if (entry.prompt.length > contexts.largestRoom()) {
        refuse(tooLong(entry))
        continue
      }
      const slot = slotFor(slots, entry)
      if (slot === null) {
        // Only the first sequence gives bit-equal answers; requests behind this one need not wait for it.
        if (!entry.request.deterministic) return
        i++
        continue
      }
      waiting.splice(i, 1)
      start(entry, slot)
    }
  }

  const start = (entry: Waiting, slot: Slot): void => {
    slot.busy = true
    slot.usedAt = ++uses
    slot.affinity = entry.request.deterministic ? null : entry.request.affinity
    // The last token of an answer is never evaluated, hence the 1.
    const most = Math.min(
      entry.request.maxTokens ?? Number.POSITIVE_INFINITY,
      (decoder?.room ?? 0) - entry.prompt.length + 1,
    )
    const before = entry.prompt.slice(-8)
    running.push({
      ...entry,
      slot,
      startedAt: now(),
      answer: createAnswer(entry.request, most, {
        text: (tokens) => vocabulary.text(tokens, before),
        count: vocabulary.count,
      }),
      cached: -1,
      pending: entry.prompt,
      stream: null,
      firstTokenMs: null,
      batched: false,
    })
    if (running.length > 1) for (const each of running) each.batched = true
  }

  const finish = async (run: Running, settle: () => void): Promise<void> => {
    const place = running.indexOf(run)
    if (place >= 0) running.splice(place, 1)
    await run.stream?.close()
    run.slot.busy = false
    settle()
  }

  const end = (run: Running, { output, reason }: AnswerEnd): Promise<void> =>
    finish(run, () =>
      run.resolve({
        output,
        finishReason: reason,
        inputTokens: run.prompt.length,
        cachedInputTokens: run.cached,
        outputTokens: run.answer.outputTokens,
        latencyMs: now() - run.startedAt,
        firstTokenMs: run.firstTokenMs,
        batched: run.batched,
      }),
    )

  /** One pass over a part of the prompt; with its last part comes the first token of the answer. */
  const prefill = async (run: Running): Promise<void> => {
    const { sequence } = run.slot
    if (run.cached < 0) {
      const kept = reusable(run.slot, run)
      run.slot.promptTokens = run.prompt.length
      const again = await sequence.keep(kept)
      run.cached = Math.max(0, kept - again)
      run.pending = run.prompt.slice(kept)
    }
    if (run.pending.length > prefillChunk) {
      await sequence.evaluate(run.pending.slice(0, prefillChunk), run.request)
      run.pending = run.pending.slice(prefillChunk)
      return
    }
    run.stream = sequence.generate(run.pending, run.request)
    run.pending = []
    await step(run, run.stream)
  }

  const step = async (run: Running, stream: TokenStream): Promise<void> => {
    const token = await stream.next()
    if (token === null) return end(run, run.answer.ended())
    if (run.firstTokenMs === null) {
      run.firstTokenMs = now() - run.startedAt
      run.options.onFirstToken()
    }
    const over = run.answer.add(token)
    if (over !== null) await end(run, over)
  }

  const guarded = async (run: Running, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      await finish(run, () => run.reject(error))
    }
  }

  const decode = async (answering: readonly Running[]): Promise<void> => {
    const one = (run: Running) => guarded(run, async () => step(run, run.stream as TokenStream))
    const least = decoder?.batchFrom ?? Number.POSITIVE_INFINITY
    const together = answering.filter((run) => !run.request.deterministic)
    const alone = answering.filter((run) => run.request.deterministic)
    for (const group of neighbours(together)) {
      if (group.length >= least) await Promise.all(group.map(one))
      else for (const run of group) await one(run)
    }
    for (const run of alone) await one(run)
  }

  const turn = async (): Promise<void> => {
    for (const run of running.filter((each) => each.options.signal.aborted)) {
      await finish(run, () => run.reject(cancelled()))
    }
    await admit()
    const prompting = running.find((run) => run.stream === null)
    const answering = running.filter((run) => run.stream !== null)
    if (prompting !== undefined && !(answersNext && answering.length > 0)) {
      await guarded(prompting, () => prefill(prompting))
      // A long prompt lets the others answer between its parts.
      answersNext = prompting.stream === null && running.includes(prompting)
    } else {
      await decode(answering)
      answersNext = false
    }
  }

  const run = async (): Promise<void> => {
    if (turning) return
    turning = true
    try {
      while (waiting.length + running.length > 0) {
        await turn()
        // Messages (a cancel, new requests) get their turn between two passes.
        await new Promise<void>((resolve) => setImmediate(resolve))
      }
    } catch (error) {
      for (const each of [...running.splice(0), ...waiting.splice(0)]) each.reject(error)
      for (const slot of slots) slot.busy = false
    } finally {
      turning = false
    }
  }

  return {
    generate: (prompt, request, options) =>
      new Promise((resolve, reject) => {
        waiting.push({ prompt, request, options, resolve, reject })
        void run()
      }),
  }
}

const cancelled = (): GenerationFailure => new GenerationFailure('cancelled', 'The call was cancelled.')
