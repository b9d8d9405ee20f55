import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type ModelServer, startModelServer } from '../src-main/test/model-server.ts'
import { labText, objectOf, openWorkplace, type Workplace } from './test/cli.ts'

// Every test starts processes or threads of its own; a machine that builds at the same time may take long over them.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let server: ModelServer
let place: Workplace
const better = (question: string) => (question.startsWith('better') ? 'right' : 'wrong')
beforeAll(async () => {
  server = await startModelServer(better)
})
afterAll(() => server.close())
beforeEach(() => {
  place = openWorkplace()
  server.behave({ answer: better, delayMs: 0 })
  server.questions.length = 0
})
afterEach(() => place[Symbol.dispose]())

describe('exit status', () => {
  test('0: done, with a report on the terminal, files, and nothing but progress on standard error', async () => {
    place.write({ 'lab.yaml': labText(server.url) })
    const ended = await place.run(['run', 'lab.yaml', '--out', 'results'])
    expect(ended.stderr).toContain('16 of 16 cells')
    expect(ended.code).toBe(0)
    expect(ended.stdout).toContain('better is better than plain')
    for (const file of ['report.html', 'report.md', 'report.csv', 'report.json', 'junit.xml', 'executions.jsonl']) {
      expect(ended.stdout).toContain(join('results', file))
      expect(existsSync(join(place.folder, 'results', file))).toBe(true)
    }
    expect(server.questions).toHaveLength(16)
  })

  test('the folder of a lab is as good as its lab.yaml', async () => {
    place.write({ 'mine/lab.yaml': labText(server.url) })
    expect((await place.run(['run', 'mine', '--quiet'])).code).toBe(0)
  })

  test('100: a gate failed, and JUnit says which', async () => {
    place.write({ 'lab.yaml': labText(server.url, { more: 'gates: { passRate: ">= 0.9" }' }) })
    server.behave({ answer: () => 'wrong' })
    const ended = await place.run(['run', 'lab.yaml', '--json', '--out', 'results'])
    expect(ended.code).toBe(100)
    expect(objectOf(ended).gates).toMatchObject([
      { name: 'passRate >= 0.9', variant: 'better', passed: false, value: 0 },
    ])
    expect(readFileSync(join(place.folder, 'results', 'junit.xml'), 'utf8')).toContain('<failure')
  })

  test('2: the budget ended it; --resume with more finishes it, and no answer is paid twice', async () => {
    place.write({ 'lab.yaml': labText(server.url) })
    const stopped = await place.run(['run', 'lab.yaml', '--json', '--budget-calls', '6'])
    expect(stopped.code).toBe(2)
    const first = objectOf(stopped)
    expect(first).toMatchObject({ schema: 'report/1', status: 'budget', cells: 16 })
    expect(first.attempts).toBeLessThanOrEqual(6)
    const asked = server.questions.length
    const resumed = await place.run(['run', '--resume', '--json', '--budget-calls', '100'])
    expect(resumed.code).toBe(0)
    expect(objectOf(resumed)).toMatchObject({ experiment: first.experiment, status: 'done', results: 16, attempts: 16 })
    expect(server.questions.length - asked).toBe(16 - asked)
    const again = await place.run(['run', '--resume'])
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing to resume') })
  })

  test('2: five refusals of the key stop it, and say which variable', async () => {
    place.write({ 'lab.yaml': labText(server.url, { cases: 20 }).replace('price: 0', 'price: 0, apiKeyEnv: MY_KEY') })
    server.behave({ answer: () => 401 })
    const ended = await place.run(['run', 'lab.yaml', '--json'], { env: { MY_KEY: 'wrong' } })
    expect(ended.code).toBe(2)
    expect(objectOf(ended).status).toBe('refused')
    expect(server.questions.length).toBeLessThan(20)
    expect(ended.stderr).toContain('MY_KEY')
    server.behave({ answer: better })
    const resumed = await place.run(['run', '--resume', '--json'], { env: { MY_KEY: 'right' } })
    expect(objectOf(resumed)).toMatchObject({ status: 'done', results: 40 })
  })

  test('1: every cell failed', async () => {
    place.write({ 'lab.yaml': labText(server.url, { cases: 2 }) })
    server.behave({ answer: () => 400 })
    const ended = await place.run(['run', 'lab.yaml', '--json'])
    expect(ended.code).toBe(1)
    expect(objectOf(ended)).toMatchObject({ status: 'done', results: 4, failed: 4 })
  })
})

describe('interrupted', () => {
  const slow = async (cases: number, delayMs: number) => {
    place.write({ 'lab.yaml': labText(server.url, { cases }) })
    server.behave({ delayMs })
    const running = place.start(['run', 'lab.yaml', '--json', '--db', place.db])
    await running.said('of 40 cells')
    return running
  }

  test('Ctrl+C once finishes what is in flight, saves, ends with 130; --resume asks only the rest', async () => {
    const running = await slow(20, 60)
    running.child.kill('SIGINT')
    const ended = await running.ended
    expect(ended.code).toBe(130)
    const report = objectOf(ended)
    expect(report.status).toBe('interrupted')
    expect(report.results).toBe(server.questions.length)
    expect(report.results).toBeLessThan(40)
    server.behave({ delayMs: 0 })
    const resumed = objectOf(await place.run(['run', '--resume', report.experiment ?? '', '--json']))
    expect(resumed).toMatchObject({ status: 'done', results: 40 })
    expect(server.questions).toHaveLength(40)
    // An attempt is committed before it is sent: up to two may have been stopped in between, and count.
    expect(resumed.attempts).toBeLessThanOrEqual(42)
  })

  test('Ctrl+C twice stops at once although the model is silent', async () => {
    const running = await slow(20, 60)
    server.behave({ delayMs: 60_000 })
    await new Promise((resolve) => setTimeout(resolve, 200))
    running.child.kill('SIGINT')
    await running.said('Press Ctrl+C again')
    const pressed = performance.now()
    running.child.kill('SIGINT')
    const ended = await running.ended
    expect(performance.now() - pressed).toBeLessThan(5000)
    expect(ended.code).toBe(130)
    expect(objectOf(ended).status).toBe('interrupted')
  })

  test('kill -9 loses nothing that was recorded, and --resume completes it', async () => {
    const running = await slow(20, 60)
    running.child.kill('SIGKILL')
    await running.ended
    const before = server.questions.length
    server.behave({ delayMs: 0 })
    const resumed = objectOf(await place.run(['run', '--resume', '--json']))
    expect(resumed).toMatchObject({ status: 'done', results: 40, failed: 0 })
    // At most the two calls in flight are asked again.
    expect(server.questions.length).toBeLessThanOrEqual(42)
    expect(before).toBeGreaterThan(0)
    expect((await place.run(['verify', '--json'])).code).toBe(0)
  })
})

test('--quiet says nothing but the result', async () => {
  place.write({ 'lab.yaml': labText(server.url) })
  const ended = await place.run(['run', 'lab.yaml', '--quiet'])
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  expect(ended.stdout).toContain('better is better than plain')
})

test('flags beat the file', async () => {
  place.write({ 'lab.yaml': labText(server.url, { more: 'seed: 1' }) })
  const words = ['--limit', '3', '--variants', 'better', '--seed', '9', '--json']
  const report = objectOf(await place.run(['run', 'lab.yaml', ...words]))
  expect(report).toMatchObject({ cells: 3, rows: [{ variant: 'better', n: 3 }], reproduction: { seed: 9 } })
})

test('keys come from --env-file only when it is named', async () => {
  const lab = labText(server.url).replace('price: 0', 'price: 0, apiKeyEnv: SECRET_OF_MINE')
  place.write({ 'lab.yaml': lab, '.env': 'SECRET_OF_MINE=abc\n' })
  const without = await place.run(['run', 'lab.yaml'])
  expect(without).toMatchObject({ code: 1, stderr: expect.stringContaining('SECRET_OF_MINE') })
  expect(server.questions).toHaveLength(0)
  expect((await place.run(['run', 'lab.yaml', '--env-file', '.env', '--quiet'])).code).toBe(0)
  expect(await place.run(['run', 'lab.yaml', '--env-file', 'none.env'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('none.env'),
  })
})

test('a broken row of a CSV file is kept in a rejects file, and the others run', async () => {
  const lab = labText(server.url, { cases: 0 }).replace('cases:\n', 'cases: { file: cases.csv }\n')
  place.write({ 'lab.yaml': lab, 'cases.csv': 'id,input,expected\na,one,right\nb,"two,right\nc,three,right\n' })
  const ended = await place.run(['run', 'lab.yaml', '--json', '--out', 'results'])
  const kept = /kept in (\S+)/.exec(ended.stderr)?.[1]
  expect(kept, ended.stderr).toBeDefined()
  expect(readFileSync(join(place.folder, kept ?? ''), 'utf8')).toContain('two')
  expect(objectOf(ended).rows[0]?.n).toBeGreaterThanOrEqual(1)
})

test('a second run is answered by the cache, says so, and costs nothing', async () => {
  place.write({ 'lab.yaml': labText(server.url) })
  await place.run(['run', 'lab.yaml', '--quiet'])
  const second = objectOf(await place.run(['run', 'lab.yaml', '--json']))
  expect(second).toMatchObject({ cached: 16, attempts: 0 })
  expect(server.questions).toHaveLength(16)
  expect(objectOf(await place.run(['run', 'lab.yaml', '--json', '--no-cache']))).toMatchObject({
    cached: 0,
    attempts: 16,
  })
})

test('what a model says cannot drive the terminal', async () => {
  place.write({ 'lab.yaml': labText(server.url, { cases: 3 }) })
  const evil = '\u001b]0;owned\u0007\u001b[31mred\u001b[2J\u009b5A\rback'
  server.behave({ answer: () => evil })
  await place.run(['run', 'lab.yaml', '--quiet', '--out', 'results'])
  const results = await place.run(['results'])
  const analyzed = await place.run(['analyze'])
  for (const { stdout, stderr } of [results, analyzed]) {
    const controls = [...(stdout + stderr)].filter((character) => /\p{Cc}/u.test(character) && character !== '\n')
    expect(controls).toEqual([])
  }
  expect(results.stdout).toContain('red')
  // Data for programs keeps every character.
  const rows = objectOf<{ executions: { output: string }[] }>(await place.run(['results', '--json']))
  expect(rows.executions[0]?.output).toBe(evil)
})

test('a reader that has seen enough ends the program quietly', async () => {
  place.write({ 'lab.yaml': labText(server.url, { cases: 150 }) })
  await place.run(['run', 'lab.yaml', '--quiet'])
  const running = place.start(['results', '--json', '--db', place.db])
  running.child.stdout?.once('data', () => running.child.stdout?.destroy())
  const ended = await running.ended
  expect(ended.stderr).toBe('')
  expect(ended.code).toBe(0)
})
