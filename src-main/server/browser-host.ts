import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AnyTRPCRouter } from '@trpc/server'
import { nodeHTTPRequestHandler } from '@trpc/server/adapters/node-http'
import { LabError } from '../../src-core/domain/errors.ts'
import type { Bundle } from '../page/bundle.ts'
import { securityHeaders } from '../page/csp.ts'
import { createGuessLimit, createToken, judge } from './guard.ts'

const mostBodyBytes = 64 * 2 ** 20

export type BrowserHostOptions = {
  readonly router: AnyTRPCRouter
  readonly bundle: Bundle
  /** 0, which is the default, takes a free one. */
  readonly port?: number
  /** A defect of ours behind a procedure; never told to the page in detail, and never with anything of the request. */
  readonly onDefect?: (procedure: string, error: Error) => void
}

export type BrowserHost = {
  /** Opens the lab: holds the token, in its fragment. */
  readonly launchUrl: string
  /** `http://127.0.0.1:port/`, without the token. */
  readonly origin: string
  readonly token: string
  /** Ends running streams and resolves when the port is free. */
  close(): Promise<void>
}

/**
 * Serves the window to a browser of this machine: 127.0.0.1 only, by the rules of guard.ts. There is no option for another
 * address. Rejects with LabError 'usage' when the wished port is taken.
 */
export const startBrowserHost = async (options: BrowserHostOptions): Promise<BrowserHost> => {
  const token = createToken()
  const guesses = createGuessLimit(Date.now)
  let authority = ''

  const server = createServer({ keepAliveTimeout: 30_000 }, (request, response) => {
    const verdict = judge(request, authority, token)
    if (verdict.kind === 'refused') {
      // Without a body: a page that may not ask learns nothing but the number.
      response.writeHead(verdict.guess && !guesses.allows() ? 429 : verdict.status, { ...securityHeaders }).end()
      request.resume()
    } else if (verdict.kind === 'page') {
      servePage(options.bundle, verdict.path, request, response).catch((error: Error) => fail(response, error))
    } else serveProcedure(verdict.procedure, request, response)
  })

  const fail = (response: ServerResponse, error: Error) => {
    options.onDefect?.('page', error)
    response.writeHead(500, { ...securityHeaders }).end()
  }

  const serveProcedure = (procedure: string, request: IncomingMessage, response: ServerResponse) => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
    response.setHeader('cache-control', 'no-store')
    void nodeHTTPRequestHandler({
      router: options.router,
      req: request,
      res: response,
      path: procedure,
      createContext: () => ({}),
      allowMethodOverride: true,
      allowBatching: false,
      maxBodySize: mostBodyBytes,
      // A refusal of the lab is an answer; another number would make the browser report a fault of the network.
      responseMeta: () => ({ status: 200 }),
      onError: ({ path, error }) => {
        if (error.code === 'INTERNAL_SERVER_ERROR' && !(error.cause instanceof LabError)) {
          options.onDefect?.(path ?? procedure, error)
        }
      },
    })
  }

  await listen(server, options.port ?? 0)
  authority = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin: `http://${authority}/`,
    launchUrl: `http://${authority}/#token=${token}`,
    token,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE' || cause.code === 'EACCES'
      reject(taken ? new LabError('usage', `Port ${port} is not free; choose another with --port.`, { cause }) : cause)
    })
    server.listen({ host: '127.0.0.1', port, exclusive: true }, resolve)
  })

const servePage = async (
  bundle: Bundle,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  request.resume()
  const { status, headers, body } = await bundle.read(path)
  response.writeHead(status, { ...headers, 'content-length': body.byteLength })
  response.end(request.method === 'HEAD' ? undefined : body)
}
