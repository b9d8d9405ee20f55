import { afterAll, describe, expect, it } from 'vitest'
import type { IsolatedProcess, StartIsolatedProcess } from '../../src-core/ports/isolated-process.ts'
import { forkIsolatedProcess } from '../isolated-process/fork.ts'
import { createScriptRunner } from './script-runner.ts'
import { bombs, endless, escapes } from './test/escapes.ts'

let started = 0
let current: IsolatedProcess | null = null
const start: StartIsolatedProcess = async (...args) => {
  started += 1
  current = await forkIsolatedProcess(...args)
  return current
}
const runner = createScriptRunner(start)
afterAll(() => runner.dispose())

const input = { output: 'hello world', expected: 'hello', variables: { name: 'Ada' } }

describe('a script', () => {
  it.each<[string, unknown]>([
    ['1 + 1', 2],
    ['output.includes(expected)', true],
    ['variables.name', 'Ada'],
    ['return output.length > 3', true],
    [
      'const words = output.split(" ")\nreturn { score: words.length / 4, reason: `${words.length} words` }',
      { score: 0.5, reason: '2 words' },
    ],
    ['output.length // a comment at the end', 11],
    ['({ a: [1, { b: null }] })', { a: [1, { b: null }] }],
    ['/wor/u.test(output)', true],
    ['new Date("2026-01-02T00:00:00Z").getUTCDate()', 2],
    ['"naïve 👍".length', 8],
    ['JSON.parse("{\\"__proto__\\": {\\"x\\": 1}}")', JSON.parse('{"__proto__":{"x":1}}')],
    ['[1n].length', 1],
  ])('%s', async (code, value) => {
    expect(await runner.run(code, input)).toEqual({ kind: 'value', value })
  })

  it.each<[string, RegExp]>([
    ['nope', /ReferenceError: .*nope/],
    ['throw new Error("because")', /Error: because/],
    ['return (', /SyntaxError/],
    ['undefined', /nothing that JSON can say/],
    ['() => 1', /nothing that JSON can say/],
    ['1n', /BigInt/i],
    ['return Promise.resolve(1)', /promise/],
    ['(async () => 1)()', /promise/],
    ['throw "text"', /text/],
    ['output = 1; throw 2', /./],
  ])('%s is an error', async (code, message) => {
    const verdict = await runner.run(code, input)
    expect(verdict).toMatchObject({ kind: 'error', message: expect.stringMatching(message) })
  })

  it('takes an output of 1 MB', async () => {
    expect(await runner.run('output.length', { output: 'é'.repeat(1_000_000) })).toEqual({
      kind: 'value',
      value: 1_000_000,
    })
  })

  it('leaves nothing behind for the next one', async () => {
    const before = started
    await runner.run(
      'globalThis.left = 1; Object.prototype.left = 1; JSON.stringify = () => "7"; Array.prototype.map = null; return 1',
      input,
    )
    expect(await runner.run('[typeof left, typeof ({}).left, [1].map((x) => x)]', input)).toEqual({
      kind: 'value',
      value: ['undefined', 'undefined', [1]],
    })
    expect(started).toBe(before)
  })

  it('is quick: one process, a fresh context each', async () => {
    const before = started
    await runner.run('1', input)
    const begin = performance.now()
    for (let i = 0; i < 200; i++) await runner.run('output.length > 3', input)
    expect((performance.now() - begin) / 200).toBeLessThan(10)
    expect(started).toBe(before)
  })
})

describe('the sandbox', () => {
  it(`lets none of ${escapes.length} escapes out`, { timeout: 120_000 }, async () => {
    for (const code of escapes) {
      const verdict = await runner.run(code, input)
      if (verdict.kind === 'value') expect({ code, value: verdict.value }).toEqual({ code, value: null })
    }
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  it(`stops each of ${endless.length} endless scripts within a second`, { timeout: 120_000 }, async () => {
    for (const code of endless) {
      await runner.run('1', input)
      const begin = performance.now()
      const { kind } = await runner.run(code, input)
      expect({ code, kind }).toEqual({ code, kind: 'timed-out' })
      expect(performance.now() - begin).toBeLessThan(1000)
    }
  })

  it(`holds against each of ${bombs.length} bombs: refused within a second, at most 150 MB`, {
    timeout: 180_000,
  }, async () => {
    let most = 0
    for (const code of bombs) {
      await runner.run('1', input)
      const watched = current
      const watch = setInterval(async () => {
        most = Math.max(most, (await watched?.memoryBytes()) ?? 0)
      }, 10)
      const begin = performance.now()
      const verdict = await runner.run(code, input)
      clearInterval(watch)
      expect({ code, kind: verdict.kind }).toEqual({ code, kind: expect.stringMatching(/^(error|timed-out)$/) })
      expect(performance.now() - begin).toBeLessThan(1000)
    }
    expect(most).toBeLessThanOrEqual(150 * 2 ** 20)
    expect(await runner.run('1 + 1', input)).toEqual({ kind: 'value', value: 2 })
  })
})

describe('the process', () => {
  it('has no credentials, writes no files and starts no processes', async () => {
    process.env.SECRET_API_KEY = 'canary'
    const child = await forkIsolatedProcess('sandbox-process')
    const memory = await child.memoryBytes()
    if (process.platform === 'linux') {
      const { readFileSync } = await import('node:fs')
      const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ')
      const environments = children.map((pid) => readFileSync(`/proc/${pid}/environ`, 'utf8'))
      const commands = children.map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
      expect(environments.join()).not.toContain('canary')
      expect(commands.some((line) => line.includes('--permission') && line.includes('sandbox-process'))).toBe(true)
      expect(memory).toBeGreaterThan(0)
    }
    const ended = new Promise((resolve) => child.onExit(resolve))
    child.kill()
    expect(await ended).toEqual({ code: null, signal: 'SIGKILL' })
    expect(await child.memoryBytes()).toBeNull()
    delete process.env.SECRET_API_KEY
  })

  it('is replaced when it dies, and its script is an error', async () => {
    const own = createScriptRunner(start)
    await own.run('1', input)
    const running = own.run('for (;;);', input)
    current?.kill()
    expect(await running).toMatchObject({ kind: 'error', message: 'the script broke its sandbox' })
    expect(await own.run('2', input)).toEqual({ kind: 'value', value: 2 })
    current?.kill()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect((await own.run('3', input)).kind).toMatch(/value|error/)
    expect(await own.run('4', input)).toEqual({ kind: 'value', value: 4 })
    await own.dispose()
  })

  it('is killed when it takes too much memory', async () => {
    const own = createScriptRunner(forkIsolatedProcess, {
      deadlineMs: 2000,
      killMs: 3000,
      memoryBytes: 20 * 2 ** 20,
      watchMs: 20,
      startMs: 20_000,
    })
    expect(await own.run('for (;;);', input)).toEqual({ kind: 'error', message: 'the script took too much memory' })
    await own.dispose()
  })

  it('rejects when no process can be started, and refuses after it is disposed', async () => {
    const own = createScriptRunner(() => Promise.reject(new Error('no processes here')))
    await expect(own.run('1', input)).rejects.toThrow('no processes here')
    await own.dispose()
    await expect(own.run('1', input)).rejects.toThrow('disposed')
  })
})
