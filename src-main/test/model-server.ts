import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the server says to the text of the last message; a number is an HTTP status to refuse with. */
export type Answer = (question: string) => string | number

export type ModelServer = {
  readonly url: string
  readonly questions: string[]
  /** How the next requests are answered, and how long each takes. */
  behave(next: { readonly answer?: Answer; readonly delayMs?: number }): void
  close(): Promise<void>
}

type Asked = { readonly messages: readonly { readonly content: string }[]; readonly stream?: boolean }

const usage = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 }

const reply = (response: ServerResponse, text: string, stream: boolean): void => {
  const common = { id: 'c', created: 1, model: 'loopback-1' }
  if (!stream) {
    response.writeHead(200, { 'content-type': 'application/json' })
    const choices = [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }]
    response.end(JSON.stringify({ ...common, object: 'chat.completion', choices, usage }))
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const event = (more: object) =>
    response.write(`data: ${JSON.stringify({ ...common, object: 'chat.completion.chunk', ...more })}\n\n`)
  event({ choices: [{ index: 0, delta: { role: 'assistant', content: text }, finish_reason: null }] })
  event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })
  event({ choices: [], usage })
  response.end('data: [DONE]\n\n')
}

/** A real HTTP server on 127.0.0.1 that speaks the OpenAI protocol. */
export const startModelServer = async (first: Answer): Promise<ModelServer> => {
  let answer = first
  let delayMs = 0
  const questions: string[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (request.method !== 'POST') {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ object: 'list', data: [{ id: 'loopback', object: 'model' }] }))
        return
      }
      const asked = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Asked
      const question = asked.messages.at(-1)?.content ?? ''
      questions.push(question)
      const said = answer(question)
      setTimeout(() => {
        if (typeof said === 'string') return reply(response, said, asked.stream === true)
        response.writeHead(said, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ error: { message: `refused with ${said}` } }))
      }, delayMs)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    questions,
    behave: (next) => {
      answer = next.answer ?? answer
      delayMs = next.delayMs ?? delayMs
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
