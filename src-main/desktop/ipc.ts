import {
  type AnyTRPCRouter,
  callTRPCProcedure,
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
  isTrackedEnvelope,
  type TRPCProcedureType,
} from '@trpc/server'
import { z } from 'zod'
import type { DoorCall, DoorEvent, DoorPush, DoorSubscription } from '../api/door.ts'
import { isAppUrl } from './protocol.ts'

/** The only channel there is; both directions. */
export const doorChannel = 'lab'

const mostCharacters = 64 * 2 ** 20
const mostSubscriptions = 64

const path = z
  .string()
  .max(100)
  .regex(/^[a-z][a-zA-Z0-9]*(\.[a-z][a-zA-Z0-9]*)*$/)
const input = z.string().max(mostCharacters).nullable()
const id = z.int().min(1)

export const doorMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('call'), type: z.enum(['query', 'mutation']), path, input }),
  z.strictObject({ kind: z.literal('subscribe'), id, path, input }),
  z.strictObject({ kind: z.literal('stop'), id }),
])

/** Who sent a message, as Electron tells it. */
export type Sender = {
  /** Of the window's contents; its subscriptions end with it. */
  readonly window: number
  /** False for every frame inside the page. */
  readonly isMainFrame: boolean
  /** Of the frame that sent; empty when the frame is gone. */
  readonly url: string
  push(push: DoorPush): void
}

export type DoorHandler = {
  /**
   * Answers one message. Rejects with 'refused' when the sender is not the window's own page or the message has any other
   * form than the schema's; nothing was called then. Trouble of a procedure is no rejection but tRPC's error shape.
   */
  handle(sender: Sender, words: readonly unknown[]): Promise<string | null>
  /** The window was closed or shows a new page: its subscriptions end. */
  forget(window: number): void
  readonly open: () => number
}

export const createDoorHandler = (router: AnyTRPCRouter): DoorHandler => {
  const subscriptions = new Map<string, AbortController>()
  const key = (window: number, number: number) => `${window}:${number}`

  const subscribe = async (sender: Sender, number: number, wanted: DoorSubscription): Promise<null> => {
    const name = key(sender.window, number)
    if (subscriptions.has(name)) throw refused()
    if (
      [...subscriptions.keys()].filter((other) => other.startsWith(`${sender.window}:`)).length >= mostSubscriptions
    ) {
      throw refused()
    }
    const controller = new AbortController()
    subscriptions.set(name, controller)
    const push = (event: DoorEvent) => {
      if (!controller.signal.aborted) sender.push({ id: number, event })
    }
    // Not awaited: the answer says that the request arrived, the events say the rest.
    void stream(router, wanted, controller.signal, push).finally(() => subscriptions.delete(name))
    return null
  }

  return {
    async handle(sender, words) {
      if (!sender.isMainFrame || !isAppUrl(sender.url) || words.length !== 1) throw refused()
      const parsed = doorMessage.safeParse(words[0])
      if (!parsed.success) throw refused()
      const message = parsed.data
      if (message.kind === 'call') return answer(router, message)
      if (message.kind === 'subscribe') return subscribe(sender, message.id, message)
      subscriptions.get(key(sender.window, message.id))?.abort()
      return null
    },
    forget(window) {
      for (const [name, controller] of subscriptions) if (name.startsWith(`${window}:`)) controller.abort()
    },
    open: () => subscriptions.size,
  }
}

const refused = () => new Error('refused')

const answer = async (router: AnyTRPCRouter, { type, path: procedure, input: text }: DoorCall): Promise<string> => {
  try {
    return JSON.stringify({ result: { data: await call(router, { type, path: procedure, text }, undefined) } })
  } catch (cause) {
    return JSON.stringify({ error: errorShape(router, cause, type, procedure) })
  }
}

const stream = async (
  router: AnyTRPCRouter,
  { path: procedure, input: text }: DoorSubscription,
  signal: AbortSignal,
  push: (event: DoorEvent) => void,
): Promise<void> => {
  try {
    const events = await call(router, { type: 'subscription', path: procedure, text }, signal)
    push({ kind: 'started' })
    for await (const event of events as AsyncIterable<unknown>) {
      if (signal.aborted) return
      const [eventId, data] = isTrackedEnvelope(event) ? [event[0], event[1]] : [null, event]
      push({ kind: 'data', data: JSON.stringify(data) ?? 'null', eventId })
    }
    push({ kind: 'end' })
  } catch (cause) {
    push({ kind: 'error', error: JSON.stringify(errorShape(router, cause, 'subscription', procedure)) })
  }
}

type Procedure = { readonly type: TRPCProcedureType; readonly path: string; readonly text: string | null }

const call = (router: AnyTRPCRouter, { type, path: procedure, text }: Procedure, signal: AbortSignal | undefined) =>
  callTRPCProcedure({
    router,
    type,
    path: procedure,
    ctx: {},
    getRawInput: async () => (text === null ? undefined : (JSON.parse(text) as unknown)),
    signal,
    batchIndex: 0,
  })

const errorShape = (router: AnyTRPCRouter, cause: unknown, type: TRPCProcedureType, procedure: string): unknown =>
  getTRPCErrorShape({
    config: router._def._config,
    error: getTRPCErrorFromUnknown(cause),
    type,
    path: procedure,
    input: undefined,
    ctx: {},
  })
