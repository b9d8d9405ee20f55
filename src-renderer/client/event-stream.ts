import { createEventParser } from './event-parser.ts'

export type EventStreamInit = { readonly headers: Readonly<Record<string, string>>; readonly withCredentials?: boolean }

const firstDelayMs = 250
const longestDelayMs = 5_000

/** Told to tRPC as the reason of a broken stream; `status` null: nothing answered. */
export class StreamTrouble extends Event {
  readonly message: string
  readonly status: number | null
  constructor(message: string, status: number | null) {
    super('error')
    this.message = message
    this.status = status
  }
}

/**
 * An EventSource that can send headers, so that the token stands in no address. Reconnects with growing pauses and the
 * last event's id; an answer that says no (any 4xx) ends it for good.
 */
export class EventStream extends EventTarget {
  readonly CONNECTING = 0
  readonly OPEN = 1
  readonly CLOSED = 2
  readyState = 0
  readonly #url: string
  readonly #headers: Readonly<Record<string, string>>
  readonly #abort = new AbortController()
  #lastEventId = ''

  constructor(url: string, init?: EventStreamInit) {
    super()
    this.#url = url
    this.#headers = init?.headers ?? {}
    void this.#run()
  }

  close(): void {
    this.readyState = this.CLOSED
    this.#abort.abort()
  }

  async #run(): Promise<void> {
    let delayMs = firstDelayMs
    while (this.readyState !== this.CLOSED) {
      const { trouble, opened } = await this.#connect()
      if (this.readyState === this.CLOSED) return
      const refused = trouble.status !== null && trouble.status >= 400 && trouble.status < 500
      this.readyState = refused ? this.CLOSED : this.CONNECTING
      this.dispatchEvent(trouble)
      if (opened) delayMs = firstDelayMs
      await pause(delayMs, this.#abort.signal)
      delayMs = Math.min(delayMs * 2, longestDelayMs)
    }
  }

  /** One connection, until it ends; whatever ended it is returned, for a stream has no other end than being closed. */
  async #connect(): Promise<{ readonly trouble: StreamTrouble; readonly opened: boolean }> {
    let opened = false
    try {
      const reply = await fetch(this.#url, {
        headers: {
          ...this.#headers,
          accept: 'text/event-stream',
          ...(this.#lastEventId === '' ? {} : { 'last-event-id': this.#lastEventId }),
        },
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
        signal: this.#abort.signal,
      })
      const isStream = reply.headers.get('content-type')?.startsWith('text/event-stream') === true
      if (!reply.ok || reply.body === null || !isStream) {
        await reply.body?.cancel()
        return { trouble: new StreamTrouble(`The stream was answered with ${reply.status}.`, reply.status), opened }
      }
      opened = true
      this.readyState = this.OPEN
      this.dispatchEvent(new Event('open'))
      await this.#read(reply.body)
      return { trouble: new StreamTrouble('The stream ended.', null), opened }
    } catch (error) {
      return { trouble: new StreamTrouble((error as Error).message, null), opened }
    }
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const parser = createEventParser(({ type, data, lastEventId }) =>
      this.dispatchEvent(new MessageEvent(type, { data, lastEventId })),
    )
    const decoder = new TextDecoder()
    const reader = body.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      parser.feed(decoder.decode(value, { stream: true }))
      const id = parser.lastEventId()
      if (id !== '') this.#lastEventId = id
    }
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(resolve, ms)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
