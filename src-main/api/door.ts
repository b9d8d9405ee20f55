/**
 * What crosses the desktop's one channel, as types only: the preload and the window import them, nothing of them runs.
 * Inputs and answers are JSON texts, exactly those of the browser host: both doors then lose and keep the same things
 * (no undefined, no infinities), a text is the cheapest thing to hand between worlds, and its length is its size.
 */
export type DoorCall = {
  readonly type: 'query' | 'mutation'
  /** Of the procedure: `cases.window`. */
  readonly path: string
  /** JSON; null for a procedure without input. */
  readonly input: string | null
}

export type DoorSubscription = { readonly path: string; readonly input: string | null }

export type DoorEvent =
  | { readonly kind: 'started' }
  /** `data` is JSON; `eventId` is what a new subscription sends as `lastEventId` to go on behind it. */
  | { readonly kind: 'data'; readonly data: string; readonly eventId: string | null }
  /** `error` is the JSON of tRPC's error shape. */
  | { readonly kind: 'error'; readonly error: string }
  | { readonly kind: 'end' }

/** `window.lab`: all that the preload shows to the page. */
export type LabDoor = {
  /** The JSON of tRPC's response: `{ "result": { "data": ... } }` or `{ "error": { ... } }`. Rejects when the host is gone. */
  call(call: DoorCall): Promise<string>
  /** Returns the function that ends it; nothing is told after that. */
  subscribe(subscription: DoorSubscription, listener: (event: DoorEvent) => void): () => void
}

/** The messages as they travel; ids are the window's own running numbers. */
export type DoorMessage =
  | ({ readonly kind: 'call' } & DoorCall)
  | ({ readonly kind: 'subscribe'; readonly id: number } & DoorSubscription)
  | { readonly kind: 'stop'; readonly id: number }

export type DoorPush = { readonly id: number; readonly event: DoorEvent }
