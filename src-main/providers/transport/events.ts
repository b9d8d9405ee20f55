import { createLineReader, type LineReader } from './lines.ts'

/**
 * Server-sent events (WHATWG HTML 9.2.6): `data` lines of one event are joined by LF, an empty line ends the event, comments
 * and other fields are passed over. An event without its empty line at the end of the stream is discarded, as the
 * standard says: half an event is no event.
 */
export const createEventReader = (onEvent: (data: string, event: string | null) => void): LineReader => {
  let data: string | null = null
  let event: string | null = null
  let first = true
  const lines = createLineReader((raw) => {
    const line = first && raw.charCodeAt(0) === 0xfeff ? raw.slice(1) : raw
    first = false
    if (line === '') {
      const ended = data
      const name = event
      data = null
      event = null
      if (ended !== null) onEvent(ended, name)
      return
    }
    const colon = line.indexOf(':')
    if (colon === 0) return
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(line.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1)
    if (field === 'data') data = data === null ? value : `${data}\n${value}`
    else if (field === 'event') event = value
  })
  return { read: lines.read, end: () => undefined }
}
