import { parentChannel } from '../isolated-process/parent.ts'
import { GenerationFailure } from './generation-failure.ts'
import { loadNativeModel, type NativeModel } from './native-model.ts'
import type { FromProcess, ToProcess } from './protocol.ts'

/**
 * Entry of the process that holds llama.cpp and one model. It is ended to free the memory. Native code that crashes takes only this process with
 * it; the provider turns that into a failure of the calls in flight and starts another.
 */
const channel = parentChannel()
const send = (message: FromProcess) => channel.send(message)
const running = new Map<number, { aborted: boolean }>()
let model: NativeModel | null = null

const fail = (id: number, error: unknown): void => {
  const message = error instanceof Error ? error.message : String(error)
  send({ kind: 'failed', id, code: error instanceof GenerationFailure ? error.code : 'crashed', message })
}

const handle = async (message: ToProcess): Promise<void> => {
  switch (message.kind) {
    case 'load':
      model = await loadNativeModel(message.options)
      return send({ kind: 'loaded', id: message.id, model: model.loaded })
    case 'cancel': {
      const signal = running.get(message.id)
      if (signal !== undefined) signal.aborted = true
      return
    }
    case 'generate': {
      const { id, request } = message
      if (model === null) throw new GenerationFailure('crashed', 'No model is loaded.')
      const signal = { aborted: false }
      running.set(id, signal)
      try {
        const onFirstToken = () => send({ kind: 'first-token', id })
        send({ kind: 'generated', id, result: await model.generate(request, { signal, onFirstToken }) })
      } finally {
        running.delete(id)
      }
    }
  }
}

channel.onMessage((message) => {
  // Only the provider sends here, and it sends what protocol.ts says.
  const known = message as ToProcess
  handle(known).catch((error: unknown) => fail(known.id, error))
})
