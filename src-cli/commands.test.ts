import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type ModelServer, startModelServer } from '../src-main/test/model-server.ts'
import { type ErrorObject, labText, objectOf, openWorkplace, type Workplace } from './test/cli.ts'

// Every test starts processes or threads of its own; a machine that builds at the same time may take long over them.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let server: ModelServer
let place: Workplace
let experiment = ''
/** One experiment of 8 cases in which one prompt is right and the other is not; every command is asked about it. */
beforeAll(async () => {
  server = await startModelServer((question) => (question.startsWith('better') ? 'right' : 'wrong'))
  place = openWorkplace()
  place.write({ 'lab.yaml': labText(server.url) })
  experiment = objectOf(await place.run(['run', 'lab.yaml', '--json'])).experiment ?? ''
}, 30_000)
afterAll(async () => {
  await server.close()
  place[Symbol.dispose]()
})

type Objects = { readonly schema: string; readonly labVersion: string } & Readonly<Record<string, unknown>>

describe('--json: one object on standard output and nothing else', () => {
  const commands: readonly (readonly [string, readonly string[], object])[] = [
    ['plan', ['plan', 'lab.yaml'], { schema: 'plan/1', cells: 16, calls: 16 }],
    [
      'analyze',
      ['analyze'],
      { schema: 'report/1', status: 'done', results: 16, best: { variant: 'better', model: 'm' } },
    ],
    ['analyze a table', ['analyze', '--table', 'table.csv'], { schema: 'report/1', label: 'exploratory' }],
    ['results', ['results', '--failures', '--variant', 'plain'], { schema: 'results/1' }],
    ['experiments', ['experiments'], { schema: 'experiments/1' }],
    ['experiments show', ['experiments', 'show'], { schema: 'experiment/1', project: 'cli-test', cells: 16 }],
    ['verify', ['verify'], { schema: 'verify/1', ok: true, problems: [] }],
    ['backup', ['backup', 'copy.db'], { schema: 'backup/1', file: 'copy.db' }],
    ['export', ['export', 'better', '--format', 'txt'], { schema: 'export/1', text: 'better {input}' }],
    ['init without a name', ['init'], { schema: 'samples/1' }],
    ['init', ['init', 'made', '--sample', 'plurals'], { schema: 'init/1', sample: 'plurals', run: null }],
    ['models', ['models'], { schema: 'models/1' }],
  ]
  test.each(commands)('%s', async (_, words, expected) => {
    place.write({ 'table.csv': 'case,variant,score\na,x,1\nb,x,0\nc,x,1\na,y,1\nb,y,1\nc,y,1\n' })
    const ended = await place.run([...words, '--json'])
    expect(ended.stderr).not.toContain('error')
    expect(objectOf<Objects>(ended)).toMatchObject({ labVersion: expect.stringMatching(/^\d+\.\d+\.\d+/), ...expected })
    expect(ended.code).toBe(0)
  })

  test('the rows of results are those asked for', async () => {
    const ended = await place.run(['results', '--json', '--failures', '--variant', 'plain', '--case', 'c3'])
    const { executions } = objectOf<{ executions: Record<string, unknown>[] }>(ended)
    expect(executions).toMatchObject([{ case: 'c3', variant: 'plain', output: 'wrong', passed: false, failure: null }])
  })
})

describe('errors', () => {
  const broken = labText('http://127.0.0.1:9', { cases: 2 })
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[], object])[] = [
    [
      'no lab file',
      {},
      ['run', 'missing.yaml'],
      { code: 'not-found', message: expect.stringContaining('missing.yaml') },
    ],
    [
      'broken YAML names line and column',
      { 'broken.yaml': 'name: x\nprompts: [\n' },
      ['run', 'broken.yaml'],
      {
        code: 'lab-file',
        file: expect.stringContaining('broken.yaml'),
        line: expect.any(Number),
        column: expect.any(Number),
      },
    ],
    [
      'a missing variable names the prompt',
      { 'broken.yaml': broken.replace('better {input}', 'better {inptu}') },
      ['run', 'broken.yaml'],
      {
        code: 'lab-file',
        message: expect.stringContaining('inptu'),
        file: expect.stringContaining('broken.yaml'),
        line: 5,
      },
    ],
    [
      'an unknown evaluator',
      { 'broken.yaml': broken.replace('type: equals', 'type: equal') },
      ['plan', 'broken.yaml'],
      { code: 'lab-file', message: expect.stringContaining('equals'), line: expect.any(Number) },
    ],
    [
      'a duplicate case',
      { 'broken.yaml': broken.replace('id: c1', 'id: c0') },
      ['plan', 'broken.yaml'],
      { code: 'lab-file', message: expect.stringContaining('c0'), line: expect.any(Number) },
    ],
    [
      'an unknown model of the catalogue',
      { 'broken.yaml': broken.replace(/ {2}- \{ id: m.*/, '  - { id: m, provider: llamacpp, model: qwen9 }') },
      ['run', 'broken.yaml'],
      { message: expect.stringContaining('qwen9') },
    ],
    [
      'an Ollama that is not there says how to start it',
      {
        'broken.yaml': broken.replace(
          / {2}- \{ id: m.*/,
          '  - { id: m, provider: ollama, model: x, baseUrl: "http://127.0.0.1:9" }',
        ),
      },
      ['run', 'broken.yaml'],
      { code: 'unreachable', message: expect.stringContaining('ollama serve') },
    ],
    [
      'a missing key names the variable',
      { 'broken.yaml': broken.replace(/ {2}- \{ id: m.*/, '  - openai/gpt-4o-mini') },
      ['run', 'broken.yaml'],
      { code: 'missing-key', message: expect.stringContaining('OPENAI_API_KEY') },
    ],
    ['an experiment that is not there', {}, ['analyze', 'nothing'], { code: 'not-found' }],
    ['a table that is not there', {}, ['analyze', '--table', 'no.csv'], { code: 'not-found' }],
    ['two things at once', {}, ['analyze', 'x', '--table', 'no.csv'], { code: 'usage' }],
    ['run without a lab', {}, ['run'], { code: 'usage', message: expect.stringContaining('promptlab init') }],
    ['an unknown command suggests one', {}, ['rum'], { code: 'usage', message: expect.stringContaining('run') }],
    [
      'an unknown flag',
      {},
      ['run', 'lab.yaml', '--bogus'],
      { code: 'usage', message: expect.stringContaining('--bogus') },
    ],
    [
      'a flag that is no number',
      {},
      ['run', 'lab.yaml', '--limit', 'many'],
      { code: 'usage', message: expect.stringContaining('--limit') },
    ],
    [
      'an unknown prompt among --variants',
      {},
      ['run', 'lab.yaml', '--variants', 'bettr'],
      { message: expect.stringContaining('better') },
    ],
    [
      'an unknown sample',
      {},
      ['init', 'd', '--sample', 'plural'],
      { code: 'not-found', message: expect.stringContaining('plurals') },
    ],
    [
      'a format that does not exist',
      {},
      ['export', 'better', '--format', 'pdf'],
      { message: expect.stringContaining('pdf') },
    ],
    [
      'a missing environment file',
      {},
      ['results', '--env-file', 'no.env'],
      { code: 'usage', message: expect.stringContaining('no.env') },
    ],
  ]
  test.each(cases)('%s', async (_, files, words, expected) => {
    place.write(files)
    const [told, object] = await Promise.all([place.run(words), place.run([...words, '--json'])])
    for (const ended of [told, object]) {
      expect(ended.code).toBe(1)
      // Never a stack trace without --debug.
      expect(ended.stderr).not.toMatch(/^\s+at /m)
    }
    expect(told.stdout).toBe('')
    expect(told.stderr).toContain('error')
    expect(objectOf<ErrorObject>(object)).toMatchObject({ schema: 'error/1', error: expected })
  })

  test('all problems of a file come at once, each with its place', async () => {
    place.write({ 'broken.yaml': broken.replace('{input}', '{inptu}').replace('type: equals', 'type: equal') })
    const { stderr } = await place.run(['run', 'broken.yaml'])
    expect(stderr.match(/^error .*broken\.yaml:\d+:\d+: /gm)?.length).toBeGreaterThanOrEqual(2)
    expect(stderr).toContain('nothing was run')
  })

  test('--debug shows the stack', async () => {
    const { stderr } = await place.run(['analyze', 'nothing', '--debug'])
    expect(stderr).toMatch(/^\s+at /m)
  })

  test('a database of a newer version is left alone', async () => {
    place.write({ 'empty.txt': '' })
    const other = openWorkplace()
    await other.run(['experiments', '--quiet'])
    const { default: Database } = await import('better-sqlite3')
    const db = new Database(other.db)
    db.pragma('user_version = 9999')
    db.close()
    const ended = await other.run(['experiments', '--json'])
    expect(ended.code).toBe(1)
    expect(objectOf<ErrorObject>(ended).error.code).toBe('store-newer')
    other[Symbol.dispose]()
  })

  test('what is no database is not written into', async () => {
    place.write({ 'notes.txt': 'my notes, long enough to be no empty file' })
    const ended = await place.start(['experiments', '--json', '--db', 'notes.txt']).ended
    expect(ended.code).toBe(1)
    expect(objectOf<ErrorObject>(ended).error.code).toBe('store')
    expect(readFileSync(join(place.folder, 'notes.txt'), 'utf8')).toContain('my notes')
  })
})

describe('for people', () => {
  test('without a word it explains itself; help names every command and the exit status', async () => {
    const [bare, help] = await Promise.all([place.start([]).ended, place.start(['--help']).ended])
    for (const { code, stdout, stderr } of [bare, help]) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      for (const word of [
        'init',
        'run',
        'plan',
        'analyze',
        'results',
        'score',
        'export',
        'models',
        'experiments',
        'verify',
        'backup',
      ]) {
        expect(stdout).toMatch(new RegExp(`^  ${word}\\b`, 'm'))
      }
      expect(stdout).toContain('100  a gate failed')
    }
  })

  test('help of a command is on standard output, with the flags every command has', async () => {
    const { code, stdout } = await place.start(['run', '--help']).ended
    expect(code).toBe(0)
    expect(stdout).toContain('--budget-usd')
    expect(stdout).toContain('--env-file')
  })

  test("a person's own prices, beside the database, count; a broken file of them is named", async () => {
    using other = openWorkplace()
    const lab = labText(server.url, { cases: 2 }).replace(', price: 0', '')
    other.write({ 'lab.yaml': lab })
    const unknown = objectOf(await other.run(['run', 'lab.yaml', '--json', '--no-cache']))
    expect(unknown.spentUsd).toBeNull()
    const prices = [{ model: 'loop*', inputPerMillion: 100_000, outputPerMillion: 1_000_000 }]
    other.write({ 'prompt-lab-prices.json': JSON.stringify({ prices }) })
    const known = objectOf(await other.run(['run', 'lab.yaml', '--json', '--no-cache']))
    // 4 answers of 10 tokens in and 2 out.
    expect(known.spentUsd).toBeCloseTo(4 * (10 * 0.1 + 2), 9)
    other.write({ 'prompt-lab-prices.json': '{' })
    const broken = await other.run(['experiments', '--json'])
    expect(broken.code).toBe(1)
    expect(objectOf<ErrorObject>(broken).error.message).toContain('prompt-lab-prices.json')
  })

  test('plan sends nothing', async () => {
    const before = server.questions.length
    const { stdout } = await place.run(['plan', 'lab.yaml'])
    expect(stdout).toContain('16 cells')
    expect(server.questions).toHaveLength(before)
  })

  test('score puts new evaluators on stored outputs and asks no model', async () => {
    place.write({ 'lenient.yaml': labText(server.url).replace('type: equals', 'type: regex, pattern: "r|w"') })
    const before = server.questions.length
    const ended = await place.run(['score', experiment, 'lenient.yaml', '--json'])
    const report = objectOf(ended)
    expect(report).toMatchObject({ experiment, label: 'exploratory' })
    expect(report.rows.map(({ variant, mean }) => [variant, mean])).toEqual([
      ['plain', 1],
      ['better', 1],
    ])
    expect(server.questions).toHaveLength(before)
    // Back, for the tests that come after.
    const back = objectOf(await place.run(['score', experiment, 'lab.yaml', '--json']))
    expect(back.rows.map(({ mean }) => mean)).toEqual([0, 1])
  })

  test('a changed analysis is called exploratory', async () => {
    expect(objectOf(await place.run(['analyze', '--alpha', '0.1', '--json'])).label).toBe('exploratory')
  })

  test('--out writes the report of an analysis', async () => {
    await place.run(['analyze', '--out', 'again', '--quiet'])
    const lines = readFileSync(join(place.folder, 'again', 'executions.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
    expect(lines).toHaveLength(16)
    expect(existsSync(join(place.folder, 'again', 'report.html'))).toBe(true)
  })

  test('init --with-run: a report of a real model without any model', async () => {
    const made = await place.run(['init', 'tour', '--sample', 'plurals', '--with-run'])
    expect(made.code).toBe(0)
    expect(made.stdout).toContain('promptlab analyze sample-plurals')
    const report = objectOf(await place.run(['analyze', 'sample-plurals', '--json']))
    expect(report).toMatchObject({ status: 'done', results: 180 })
    expect(report.notes[0]).toContain('comes with Prompt Lab')
    expect(existsSync(join(place.folder, 'tour', 'run'))).toBe(false)
  })
})
