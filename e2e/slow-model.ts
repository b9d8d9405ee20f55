import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A model that a test holds back: it speaks the OpenAI protocol and answers "ready" when it is released. */
export type SlowModel = {
  readonly baseUrl: string
  /** Requests that wait for an answer. */
  waiting(): number
  /** Answers those that wait, and from now on at once. */
  release(): void
  close(): void
}

export const startSlowModel = async (): Promise<SlowModel> => {
  const held: (() => void)[] = []
  let released = false
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      if (request.method === 'GET')
        return answerJson(response, { object: 'list', data: [{ id: 'slow', object: 'model' }] })
      const { stream } = JSON.parse(body) as { stream?: boolean }
      const answer = () => (stream === true ? answerStream(response) : answerJson(response, whole))
      if (released) return answer()
      held.push(answer)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    waiting: () => held.length,
    release: () => {
      released = true
      for (const answer of held.splice(0)) answer()
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

const usage = { prompt_tokens: 10, completion_tokens: 1, total_tokens: 11 }
const whole = {
  id: 'a',
  object: 'chat.completion',
  created: 1,
  model: 'slow',
  choices: [{ index: 0, message: { role: 'assistant', content: 'ready' }, finish_reason: 'stop' }],
  usage,
}

const answerJson = (response: ServerResponse, value: object): void => {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(value))
}

const answerStream = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const chunk = (choice: object, rest: object = {}) =>
    `data: ${JSON.stringify({ id: 'a', object: 'chat.completion.chunk', created: 1, model: 'slow', choices: [{ index: 0, ...choice }], ...rest })}\n\n`
  response.write(chunk({ delta: { role: 'assistant', content: 'ready' }, finish_reason: null }))
  response.write(chunk({ delta: {}, finish_reason: 'stop' }, { usage }))
  response.end('data: [DONE]\n\n')
}
