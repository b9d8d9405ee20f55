import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type RealServer = {
  readonly url: string
  readonly version: string
  stop(): Promise<void>
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })

type Started = { readonly stop: () => Promise<void>; readonly output: () => string; readonly ended: () => boolean }

const start = (program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Started => {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const keep = (chunk: Buffer) => {
    // The last words are what explains a failed start; a chatty server must not fill the memory.
    output = (output + chunk.toString('utf8')).slice(-4000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  let over = false
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      over = true
      resolve()
    }
    child.on('error', (error) => {
      output += String(error)
      end()
    })
    child.on('close', end)
  })
  const stop = async () => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000)
    await ended
    clearTimeout(timer)
  }
  return { stop, output: () => output, ended: () => over }
}

/** Asks until the server answers 200, which llama.cpp gives once the model is loaded. */
const untilReady = async (url: string, server: Started): Promise<void> => {
  const deadline = performance.now() + 120_000
  while (performance.now() < deadline && !server.ended()) {
    const ready = await fetch(url, { signal: AbortSignal.timeout(5000) }).then(
      (response) => response.ok,
      () => false,
    )
    if (ready) return
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  await server.stop()
  throw new Error(`the server at ${url} did not become ready:\n${server.output()}`)
}

const outputOf = async (
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> => {
  const run = start(program, args, env)
  while (!run.ended()) await new Promise((resolve) => setTimeout(resolve, 50))
  return run.output()
}

/** llama.cpp's server with one model and a slot for each of three prompts, so that their beginnings stay in its cache. */
export const startLlamaServer = async (binary: string, modelFile: string, threads: number): Promise<RealServer> => {
  const port = await freePort()
  const place = ['--host', '127.0.0.1', '--port', `${port}`]
  const server = start(binary, ['-m', modelFile, ...place, '-t', `${threads}`, '-c', '8192', '-np', '3'])
  const url = `http://127.0.0.1:${port}`
  await untilReady(`${url}/health`, server)
  const version = /version: (.*)/.exec(await outputOf(binary, ['--version']))?.[1] ?? 'unknown'
  return { url, version: `llama.cpp server ${version}`, stop: server.stop }
}

/**
 * The model's own chat format in Ollama's language. Ollama does not read it from the file: without it roles are dropped
 * and the model merely continues the text.
 */
const qwenTemplate = `{{- if not .System }}<|im_start|>system
You are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>
{{ end }}{{- range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
`

/** A real Ollama with a model made from the same file, in a folder of its own that goes when it stops. */
export const startOllama = async (binary: string, modelFile: string, name: string): Promise<RealServer> => {
  const folder = mkdtempSync(join(tmpdir(), 'evidence-ollama-'))
  const port = await freePort()
  const env = { OLLAMA_HOST: `127.0.0.1:${port}`, OLLAMA_MODELS: join(folder, 'models'), HOME: folder }
  const server = start(binary, ['serve'], env)
  const stop = async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${port}`
  await untilReady(`${url}/api/version`, server)
  writeFileSync(
    join(folder, 'Modelfile'),
    `FROM ${modelFile}\nTEMPLATE """${qwenTemplate}"""\nPARAMETER stop <|im_end|>\n`,
  )
  const told = await outputOf(binary, ['create', name, '-f', join(folder, 'Modelfile')], env)
  const tags = (await (await fetch(`${url}/api/tags`)).json()) as { models: { name: string }[] }
  if (!tags.models.some((model) => model.name.startsWith(name))) {
    await stop()
    throw new Error(`Ollama did not take the model:\n${told}`)
  }
  const { version } = (await (await fetch(`${url}/api/version`)).json()) as { version: string }
  return { url, version: `Ollama ${version}`, stop }
}
