import type { IsolatedProcess, StartIsolatedProcess } from '../../src-core/ports/isolated-process.ts'
import { ProviderFailure } from '../../src-core/ports/provider.ts'
import type {
  FromProcess,
  GenerationRequest,
  GenerationResult,
  LoadedModel,
  LoadOptions,
  ToProcess,
} from './protocol.ts'

/** A process with one model in it. */
export type LlamaChild = {
  readonly model: LoadedModel
  /** Rejects with ProviderFailure. `cancel` frees the sequence; the promise settles when that has happened. */
  generate(
    request: GenerationRequest,
    onFirstToken: () => void,
  ): { readonly result: Promise<GenerationResult>; cancel(): void }
  readonly alive: boolean
  kill(): void
}

type Pending = {
  readonly resolve: (message: FromProcess) => void
  readonly reject: (error: ProviderFailure) => void
  readonly onFirstToken: () => void
}

/** Starts the process and loads the model. Rejects with ProviderFailure: 'bad-request' for an unusable file, 'crashed'. */
export const startLlamaChild = async (start: StartIsolatedProcess, options: LoadOptions): Promise<LlamaChild> => {
  const process = await start('llama-process').catch((cause: unknown) => {
    throw new ProviderFailure('crashed', 'The process for local models could not be started.', { cause })
  })
  const calls = createCalls(process)
  try {
    const answer = await calls.ask((id) => ({ kind: 'load', id, options }), ignore).answer
    if (answer.kind !== 'loaded')
      throw new ProviderFailure('bad-response', 'The model’s process answered something else.')
    return {
      model: answer.model,
      generate: (request, onFirstToken) => {
        const { id, answer: generated } = calls.ask((each) => ({ kind: 'generate', id: each, request }), onFirstToken)
        return {
          result: generated.then((message) => {
            if (message.kind === 'generated') return message.result
            throw new ProviderFailure('bad-response', 'The model’s process answered something else.')
          }),
          cancel: () => process.send({ kind: 'cancel', id } satisfies ToProcess),
        }
      },
      get alive() {
        return calls.alive()
      },
      kill: () => process.kill(),
    }
  } catch (error) {
    process.kill()
    throw error
  }
}

const createCalls = (process: IsolatedProcess) => {
  const pending = new Map<number, Pending>()
  let lastId = 0
  let ended: ProviderFailure | null = null

  process.onMessage((message) => {
    // Only llama-process sends here, and it sends what protocol.ts says.
    const known = message as FromProcess
    const call = pending.get(known.id)
    if (call === undefined) return
    if (known.kind === 'first-token') return call.onFirstToken()
    pending.delete(known.id)
    if (known.kind === 'failed') call.reject(new ProviderFailure(known.code, known.message))
    else call.resolve(known)
  })

  process.onExit(({ code, signal }) => {
    const how = signal === null ? `code ${code}` : `signal ${signal}`
    ended = new ProviderFailure(
      'crashed',
      `The process that held the model ended (${how}); the next call starts it anew.`,
    )
    for (const call of pending.values()) call.reject(ended)
    pending.clear()
  })

  return {
    alive: () => ended === null,
    ask: (message: (id: number) => ToProcess, onFirstToken: () => void) => {
      const id = ++lastId
      const answer = new Promise<FromProcess>((resolve, reject) => {
        if (ended !== null) return reject(ended)
        pending.set(id, { resolve, reject, onFirstToken })
        process.send(message(id))
      })
      return { id, answer }
    },
  }
}

const ignore = (): void => undefined
