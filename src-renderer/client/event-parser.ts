export type ServerEvent = { readonly type: string; readonly data: string; readonly lastEventId: string }

/**
 * Reads a `text/event-stream` piece by piece, as the HTML standard says (section 9.2.6): the id is taken from every block
 * of lines, an event only from one with a data line (which may be empty: tRPC's `ping` and `return`).
 */
export const createEventParser = (onEvent: (event: ServerEvent) => void) => {
  let rest = ''
  let type = ''
  let data: string[] = []
  let lastEventId = ''

  const endOfBlock = () => {
    if (data.length > 0) onEvent({ type: type === '' ? 'message' : type, data: data.join('\n'), lastEventId })
    type = ''
    data = []
  }
  const readLine = (line: string) => {
    if (line === '') return endOfBlock()
    const colon = line.indexOf(':')
    if (colon === 0) return
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') type = value
    else if (field === 'data') data.push(value)
    else if (field === 'id' && !value.includes('\0')) lastEventId = value
  }
  return {
    feed(text: string) {
      rest += text
      // A carriage return at the very end may be half of a line's end.
      const whole = rest.endsWith('\r') ? rest.length - 1 : rest.length
      const lines = rest.slice(0, whole).split(/\r\n|\r|\n/)
      rest = (lines.pop() ?? '') + rest.slice(whole)
      for (const line of lines) readLine(line)
    },
    lastEventId: () => lastEventId,
  }
}
