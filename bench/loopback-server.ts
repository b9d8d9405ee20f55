import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A server that speaks OpenAI's chat completions with a fixed latency, answers as a pure function of the messages, and
 * fails as it is told to. Benchmarks run it in a process of its own; tests in theirs.
 */
export type LoopbackOptions = {
  readonly latencyMs?: number
  /** Shares of requests in [0, 1]. */
  readonly faults?: Partial<Record<Fault, number>>
  readonly seed?: number
  /** More than this in a calendar second gets 429 with Retry-After. */
  readonly limit?: { readonly requests: number; readonly windowMs: number; readonly retryAfterMs: number | null }
  /** Any other bearer token gets 401. */
  readonly key?: string
  /** Decides one request by itself; null goes on as usual. */
  readonly respond?: (prompt: string, nth: number) => { readonly status: number; readonly body: string } | null
  readonly answer?: (prompt: string) => string
}
export const faults = ['500', '429', '429-after', 'reset', 'bad-json', 'cut'] as const
export type Fault = (typeof faults)[number]

export type LoopbackStats = {
  requests: number
  answered: number
  limited: number
  inFlight: number
  maxInFlight: number
  /** Requests by the SHA-1 of their messages. */
  byPrompt: Record<string, number>
  /** Prompts answered more than once are calls that were repeated. */
  answeredByPrompt: Record<string, number>
  /** Milliseconds since the server started; requests that came before their Retry-After ended. */
  early: number
  lastRequestMs: number
}
export type LoopbackServer = {
  readonly url: string
  readonly port: number
  readonly stats: LoopbackStats
  openSockets(): number
  close(): Promise<void>
}

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex')
/** A uniform number of (seed, text), so that equal runs fail alike. */
const unit = (text: string): number => Number.parseInt(sha1(text).slice(0, 12), 16) / 2 ** 48

const plainAnswer = (prompt: string): string => (unit(prompt) < 0.5 ? 'spam' : 'ham')

export const startLoopbackServer = async (options: LoopbackOptions = {}): Promise<LoopbackServer> => {
  const latencyMs = options.latencyMs ?? 0
  const answerTo = options.answer ?? plainAnswer
  const started = performance.now()
  const stats: LoopbackStats = {
    requests: 0,
    answered: 0,
    limited: 0,
    inFlight: 0,
    maxInFlight: 0,
    byPrompt: {},
    answeredByPrompt: {},
    early: 0,
    lastRequestMs: 0,
  }
  let windowStart = 0
  let inWindow = 0
  let blockedUntil = 0

  const faultFor = (key: string, nth: number): Fault | null => {
    let u = unit(`${options.seed ?? 0}:${key}:${nth}`)
    for (const fault of faults) {
      const share = options.faults?.[fault] ?? 0
      if (u < share) return fault
      u -= share
    }
    return null
  }
  const send = (response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(body)
  }
  const limited = (response: ServerResponse, retryAfterMs: number | null): void => {
    stats.limited++
    const headers: Record<string, string> = retryAfterMs === null ? {} : { 'retry-after': String(retryAfterMs / 1000) }
    send(response, 429, '{"error":{"message":"too many requests","type":"rate_limit"}}', headers)
  }

  const complete = (request: IncomingMessage, response: ServerResponse, text: string): void => {
    const body = JSON.parse(text) as { model: string; stream?: boolean; messages: { content: string }[] }
    const prompt = body.messages.map((message) => message.content).join('\n')
    const key = sha1(prompt)
    const nth = (stats.byPrompt[key] ?? 0) + 1
    const now = performance.now() - started
    stats.byPrompt[key] = nth
    stats.requests++
    stats.lastRequestMs = now
    stats.inFlight++
    stats.maxInFlight = Math.max(stats.maxInFlight, stats.inFlight)
    response.on('close', () => {
      stats.inFlight--
    })
    if (options.key !== undefined && request.headers.authorization !== `Bearer ${options.key}`)
      return send(response, 401, '{"error":{"message":"Incorrect API key provided"}}')
    const special = options.respond?.(prompt, nth)
    if (special != null) return send(response, special.status, special.body)
    if (options.limit !== undefined) {
      const { requests, windowMs, retryAfterMs } = options.limit
      if (now < blockedUntil) stats.early++
      if (now - windowStart >= windowMs) {
        windowStart = now
        inWindow = 0
      }
      inWindow++
      if (inWindow > requests) {
        if (retryAfterMs !== null) blockedUntil = Math.max(blockedUntil, now + retryAfterMs)
        return limited(response, retryAfterMs)
      }
    }
    const fault = faultFor(key, nth)
    const output = answerTo(prompt)
    const usage = { prompt_tokens: Math.ceil(prompt.length / 4), completion_tokens: Math.ceil(output.length / 4) }
    setTimeout(() => {
      if (response.destroyed) return
      if (fault === '500') return send(response, 500, '{"error":{"message":"boom"}}')
      if (fault === '429') return limited(response, null)
      if (fault === '429-after') return limited(response, 100)
      if (fault === 'reset') return void request.socket.destroy()
      if (fault === 'bad-json') return send(response, 200, '{"choices": [{"message": {"content": ')
      const done = (): void => {
        stats.answered++
        stats.answeredByPrompt[key] = (stats.answeredByPrompt[key] ?? 0) + 1
      }
      if (body.stream !== true) {
        const message = { role: 'assistant', content: output }
        if (fault === 'cut') return void request.socket.destroy()
        done()
        return send(
          response,
          200,
          JSON.stringify({
            id: 'x',
            object: 'chat.completion',
            model: body.model,
            choices: [{ index: 0, message, finish_reason: 'stop' }],
            usage,
          }),
        )
      }
      const chunk = (choices: unknown[], extra: object = {}): string =>
        `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', model: body.model, choices, ...extra })}\n\n`
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const first = chunk([{ index: 0, delta: { role: 'assistant', content: output }, finish_reason: null }])
      if (fault === 'cut') {
        response.write(first)
        return void setTimeout(() => response.end(), 1)
      }
      done()
      response.end(
        `${first}${chunk([{ index: 0, delta: {}, finish_reason: 'stop' }])}${chunk([], { usage })}data: [DONE]\n\n`,
      )
    }, latencyMs)
  }

  const server = createServer((request, response) => {
    if (request.method === 'GET' && request.url === '/stats') return send(response, 200, JSON.stringify(stats))
    if (request.method === 'GET')
      return send(response, 200, JSON.stringify({ object: 'list', data: [{ id: 'loopback', object: 'model' }] }))
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => complete(request, response, Buffer.concat(parts).toString()))
    request.on('error', () => response.destroy())
  })
  server.keepAliveTimeout = 30_000
  const sockets = new Set<object>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    port,
    stats,
    openSockets: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

if (import.meta.main) {
  const server = await startLoopbackServer(JSON.parse(process.argv[2] ?? '{}') as LoopbackOptions)
  process.stdout.write(`${JSON.stringify({ url: server.url })}\n`)
  // Whoever started it ends it by closing its standard input.
  process.stdin.resume()
  process.stdin.on('end', () => process.exit(0))
}
