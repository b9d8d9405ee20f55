import { TRPCClientError, type TRPCLink } from '@trpc/client'
import type { AnyTRPCRouter } from '@trpc/server'
import { observable } from '@trpc/server/observable'
import type { DoorEvent, LabDoor } from '../../src-main/api/door.ts'

/**
 * tRPC over the desktop's one channel. Results and errors have the shapes of the browser host's links, so that nothing
 * behind the client can tell the doors apart.
 */
export const doorLink =
  <Router extends AnyTRPCRouter>(door: LabDoor): TRPCLink<Router> =>
  () =>
  ({ op: { type, path, input } }) =>
    observable((observer) => {
      const text = input === undefined ? null : JSON.stringify(input)
      if (type === 'subscription') {
        return door.subscribe({ path, input: text }, (event) => tell(event, observer))
      }
      let left = false
      door
        .call({ type, path, input: text })
        .then((reply) => {
          if (left) return
          const response = JSON.parse(reply) as { result: { data: unknown } } | { error: ErrorShape }
          if ('error' in response) throw TRPCClientError.from({ error: response.error })
          observer.next({ result: { type: 'data', data: response.result.data } })
          observer.complete()
        })
        .catch((cause: Error) => {
          if (!left) observer.error(TRPCClientError.from(cause))
        })
      return () => {
        left = true
      }
    })

type ErrorShape = { readonly code: never; readonly message: string; readonly data: never }
type Told = {
  next(value: {
    result:
      | { type: 'started' }
      | { type: 'data'; data: unknown }
      | { id: string; type: 'data'; data: unknown }
      | { type: 'stopped' }
  }): void
  error(error: TRPCClientError<AnyTRPCRouter>): void
  complete(): void
}

const tell = (event: DoorEvent, observer: Told): void => {
  if (event.kind === 'started') return observer.next({ result: { type: 'started' } })
  if (event.kind === 'error') {
    return observer.error(TRPCClientError.from({ error: JSON.parse(event.error) as ErrorShape }))
  }
  if (event.kind === 'end') {
    observer.next({ result: { type: 'stopped' } })
    return observer.complete()
  }
  const data: unknown = JSON.parse(event.data)
  if (event.eventId === null) observer.next({ result: { type: 'data', data } })
  else observer.next({ result: { type: 'data', id: event.eventId, data: { id: event.eventId, data } } })
}
