import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { LabError } from '../../src-core/domain/errors.ts'
import type { PromptVariant } from '../../src-core/domain/prompt.ts'
import { hashOf } from './identity.ts'
import { type LoadOptions, labFromObject, loadLab } from './lab-loader.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lab-loader-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

let labs = 0
const folder = async (files: Readonly<Record<string, string | Uint8Array>>): Promise<string> => {
  labs += 1
  const dir = join(root, String(labs))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true })
    await writeFile(join(dir, name), content)
  }
  return dir
}
const load = async (
  lab: string,
  files: Readonly<Record<string, string | Uint8Array>> = {},
  options: LoadOptions = {},
) => loadLab(join(await folder({ 'lab.yaml': lab, ...files }), 'lab.yaml'), options)

const problemsOf = async (loading: Promise<unknown>) => {
  const error = await loading.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof LabError)) throw new Error(`expected a LabError, got ${String(error)}`)
  expect(error.code).toBe('lab-file')
  return error.problems
}

const tail = `
models: [{ id: m, provider: simulated, model: world }]
evaluators: [{ type: equals }]
`
const minimal = `name: spam
prompts:
  - { name: plain, text: "Spam? {input}" }
  - { name: other, text: "Ham? {input}" }
cases:
  - { id: a, input: x, expected: spam }
  - { id: b, input: y, expected: [ham, "no spam"] }
${tail}`

describe('a lab that is right', () => {
  test('every default of the contract', async () => {
    const { snapshot, warnings, rejects, evolve } = await load(minimal)
    expect(snapshot).toMatchObject({
      project: 'spam',
      seed: 1,
      baseline: 'plain',
      repetitions: 1,
      cache: 'read-write',
      objectives: [{ metric: 'quality', weight: 1 }],
      constraints: [],
      gates: { passRate: null, caseMinimum: false, notWorseThanBaseline: false },
      analysis: {
        primary: 'quality',
        alpha: 0.05,
        margin: 0.02,
        mde: 0.05,
        family: 'baseline',
        design: 'fixed',
        cluster: null,
        costMetric: 'auto',
      },
      budget: { calls: null, tokens: null, usd: null, minutes: null },
      concurrency: 4,
      interleaveModels: false,
    })
    expect(snapshot.variants[0]).toEqual({
      name: 'plain',
      version: 0,
      hash: hashOf({ kind: 'text', text: 'Spam? {input}' }),
      template: { kind: 'text', text: 'Spam? {input}' },
      variables: ['input'],
      description: '',
      tags: [],
      active: true,
      isDefault: false,
      parents: [],
      createdBy: 'lab-file',
    })
    expect(snapshot.cases.map((testCase) => testCase.expected)).toEqual([['spam'], ['ham', 'no spam']])
    expect([warnings, rejects, evolve]).toEqual([[], [], null])
  })

  test('the example of the contract', async () => {
    const lab = `name: spam
seed: 7
prompts:
  - name: plain
    text: "Spam or ham? {input}"
  - name: guided
    tags: [candidate]
    messages:
      - { role: system, content: "Answer with exactly one of: spam, ham. Nothing else." }
      - { role: user, content: "{input}" }
cases:
  file: data/cases.jsonl
  columns: { input: text, expected: label, id: id }
  tags: [source]
  where: { fold: test }
  limit: 60
models:
  - { id: qwen-0.5b, provider: llamacpp, model: qwen2.5-coder-0.5b-instruct, temperature: 0, maxTokens: 16, concurrency: 1 }
  - { id: local, provider: openai, baseUrl: "http://127.0.0.1:8080/v1", model: any, apiKeyEnv: MY_KEY, price: 0, fallback: [qwen-0.5b] }
  - { id: qwen-1.5b, provider: llamacpp, model: ./models/x.gguf, experiment: false }
  - openai/gpt-4o-mini
evaluators:
  - { type: equals, ignoreCase: true, trim: true, ignorePunctuation: true }
baseline: plain
repetitions: 1
cache: read-write
objectives: { quality: { weight: 0.7 }, cost: { weight: 0.3 } }
constraints: { quality: ">= 0.85", cost: "<= $0.005", latency: "p95 <= 2s" }
gates: { passRate: ">= 0.9", caseMinimum: all, notWorseThanBaseline: true }
analysis: { primary: quality, alpha: 0.05, margin: 0.02, mde: 0.05, family: baseline, design: fixed, cluster: null, costMetric: auto }
budget: { calls: 500, tokens: 200000, usd: 1, minutes: 30 }
concurrency: 4
evolve:
  prompt: plain
  optimizer: lineage
  roles: { task: qwen-0.5b, proposer: qwen-1.5b, judge: qwen-1.5b }
  split: { column: fold, map: { train: [train, race], test: holdout } }
`
    const rows = Array.from({ length: 100 }, (_, i) =>
      JSON.stringify({ id: i, text: `t${i}`, label: 'ham', fold: i % 4 ? 'test' : 'train', source: 'web' }),
    )
    const files = { 'data/cases.jsonl': rows.join('\n') }
    const { snapshot, evolve, warnings } = await load(lab, files)
    expect(warnings).toEqual([])
    expect(snapshot.cases).toHaveLength(60)
    expect(snapshot.cases[0]).toMatchObject({
      id: '1',
      inputs: { input: 't1', fold: 'test' },
      expected: ['ham'],
      tags: ['source:web'],
    })
    expect(snapshot.models.map((model) => [model.id, model.provider, model.experiment])).toEqual([
      ['qwen-0.5b', 'llamacpp', true],
      ['local', 'openai', true],
      ['qwen-1.5b', 'llamacpp', false],
      ['openai/gpt-4o-mini', 'openai', true],
    ])
    expect(snapshot.models[1]).toMatchObject({
      price: { inputPerMillion: 0, outputPerMillion: 0 },
      fallback: ['qwen-0.5b'],
    })
    expect(snapshot.models[2]?.model).toMatch(/[/\\]models[/\\]x\.gguf$/)
    expect(snapshot.models[3]).toMatchObject({ model: 'gpt-4o-mini', price: null, parameters: { temperature: null } })
    expect(snapshot.constraints.map(({ metric, quantile, limit }) => [metric, quantile, limit])).toEqual([
      ['quality', null, 0.85],
      ['cost', null, 0.005],
      ['latency', 0.95, 2000],
    ])
    expect(snapshot.gates).toEqual({
      passRate: { relation: '>=', limit: 0.9, source: '>= 0.9' },
      caseMinimum: true,
      notWorseThanBaseline: true,
    })
    expect(evolve).toMatchObject({ optimizer: 'lineage', split: { column: 'fold' } })
  })

  test('prompts from files keep every byte; from the store they keep their version', async () => {
    const stored = {
      name: 'plain',
      version: 3,
      hash: hashOf('x'),
      template: { kind: 'text', text: 'S {input}' },
      variables: ['input'],
      description: 'd',
      tags: ['t'],
      active: true,
      isDefault: false,
      parents: [],
      createdBy: 'person',
    } satisfies PromptVariant
    const asked: [string, string][] = []
    const lab = `name: spam
prompts: [{ name: f, file: prompts/f.txt }, { ref: plain@3 }, { name: again, ref: plain@3, description: mine }]
cases: [{ input: x, expected: y }]
${tail}`
    const { snapshot, warnings } = await load(
      lab,
      { 'prompts/f.txt': 'Line {input}\r\n\r\n ' },
      {
        findVariant: async (project, reference) => {
          asked.push([project, reference])
          return stored
        },
      },
    )
    expect(snapshot.variants[0]?.template).toEqual({ kind: 'text', text: 'Line {input}\r\n\r\n ' })
    expect(snapshot.variants[1]).toMatchObject({
      name: 'plain',
      version: 3,
      description: 'd',
      createdBy: 'person',
      hash: hashOf(stored.template),
    })
    expect(snapshot.variants[2]).toMatchObject({ name: 'again', version: 0, description: 'mine' })
    expect(asked).toEqual([
      ['spam', 'plain@3'],
      ['spam', 'plain@3'],
    ])
    expect(warnings).toEqual([expect.stringContaining('have the same text')])
  })

  test('a folder means its lab.yaml', async () => {
    expect((await loadLab(await folder({ 'lab.yaml': minimal }))).snapshot.project).toBe('spam')
  })

  test('an object means the same as the file', async () => {
    const object = {
      name: 'spam',
      prompts: [{ name: 'plain', text: '{q}' }],
      cases: [{ id: 'a', q: 1 }],
      models: ['simulated/world'],
      evaluators: [{ type: 'equals', value: '1' }],
    }
    expect((await labFromObject(object, root)).snapshot.cases).toMatchObject([{ id: 'a', inputs: { q: 1 } }])
    const problems = await problemsOf(labFromObject({ ...object, baseline: 'plan', modles: [] }, root))
    expect(problems).toEqual([
      { message: 'modles is not known here. Did you mean "models"?', file: null, line: null, column: null },
      { message: expect.stringContaining('Did you mean "plain"?'), file: null, line: null, column: null },
    ])
  })

  test('a cluster column of the cases clusters, unless the file says null', async () => {
    const cases = (analysis: string) =>
      `name: s\nprompts: [{ name: p, text: "{q}" }]\ncases: [{ q: 1, expected: 1, cluster: d }]\n${analysis}${tail}`
    expect((await load(cases(''))).snapshot.analysis.cluster).toBe('cluster')
    expect((await load(cases('analysis: { cluster: null }\n'))).snapshot.analysis.cluster).toBeNull()
  })
})

describe('flags beat the file', () => {
  const flagged = async (run: LoadOptions['run'], analysis: LoadOptions['analysis'] = {}) =>
    (
      await load(
        `${minimal.replace('models: [', 'models: [{ id: n, provider: simulated, model: w, experiment: false }, ')}budget: { calls: 5, usd: 1 }\n`,
        {},
        { run: run ?? {}, analysis },
      )
    ).snapshot

  test('numbers', async () => {
    expect(
      await flagged({ seed: 9, concurrency: 2, limit: 1, budgetCalls: 7, budgetMinutes: 3, cache: false }),
    ).toMatchObject({
      seed: 9,
      concurrency: 2,
      cache: 'off',
      cases: [{ id: 'a' }],
      budget: { calls: 7, usd: 1, tokens: null, minutes: 3 },
    })
  })

  test('names', async () => {
    const snapshot = await flagged(
      { variants: ['other'], models: ['n'], cases: ['b'] },
      { alpha: 0.01, family: 'all-pairs' },
    )
    expect(snapshot.variants.map((variant) => variant.name)).toEqual(['other'])
    expect(snapshot.models.map((model) => [model.id, model.experiment])).toEqual([
      ['n', true],
      ['m', false],
    ])
    expect(snapshot.cases.map((testCase) => testCase.id)).toEqual(['b'])
    expect(snapshot.analysis).toMatchObject({ alpha: 0.01, family: 'all-pairs' })
    expect(snapshot.baseline).toBe('other')
  })

  test('unknown names are told with the nearest one', async () => {
    const problems = await problemsOf(
      flagged({ variants: ['plan'], models: ['x'], cases: ['z'] }, { baseline: 'othr' }),
    )
    for (const said of [
      /--variants names "plan".*"plain"/,
      /--models names "x"/,
      /no case "z"/,
      /baseline names "othr".*"other"/,
    ]) {
      expect(problems.filter((problem) => said.test(problem.message))).toHaveLength(1)
    }
    expect(problems).toHaveLength(4)
  })
})

describe('a lab that is wrong', () => {
  /** What must be said about each slip, where. Each is one line put into, or taken out of, the minimal lab. */
  test.each<[string, (lab: string) => string, { line: number; says: RegExp }]>([
    ['an unknown key', (lab) => `${lab}repetition: 2\n`, { line: 11, says: /repetition .*"repetitions"/ }],
    ['an unknown evaluator', (lab) => lab.replace('type: equals', 'type: equal'), { line: 10, says: /equal.*equals/ }],
    [
      'an unknown evaluator parameter',
      (lab) => lab.replace('type: equals', 'type: equals, ignorecase: true'),
      { line: 10, says: /ignorecase.*"ignoreCase"/ },
    ],
    ['an unknown provider', (lab) => lab.replace('simulated', 'simulatd'), { line: 9, says: /simulatd.*"simulated"/ }],
    [
      'a key in the file',
      (lab) => lab.replace('model: world', 'model: world, apiKey: sk-1'),
      { line: 9, says: /environment variable/ },
    ],
    [
      'a credential in a header',
      (lab) => lab.replace('model: world', 'model: world, headers: { Authorization: Bearer x }'),
      { line: 9, says: /apiKeyEnv/ },
    ],
    [
      'a duplicate prompt',
      (lab) => lab.replace('name: other', 'name: plain'),
      { line: 4, says: /Two prompts are named "plain"/ },
    ],
    [
      'a duplicate case',
      (lab) => lab.replace('id: b', 'id: a'),
      { line: 7, says: /"a" is used twice \(first in line 6\)/ },
    ],
    [
      'a duplicate model',
      (lab) => lab.replace('models: [', 'models: [{ id: m, provider: simulated, model: x }, '),
      { line: 9, says: /Two models have the id "m"/ },
    ],
    [
      'a variable that one case lacks',
      (lab) => lab.replace('input: y', 'inptu: y'),
      { line: 7, says: /case "b" has no value for \{input\}.*"plain"/ },
    ],
    [
      'a variable that no case has',
      (lab) => lab.replace('Ham? {input}', 'Ham? {inptu}'),
      { line: 4, says: /\{inptu\}.*Did you mean \{input\}/ },
    ],
    ['an unknown baseline', (lab) => `${lab}baseline: plan\n`, { line: 11, says: /baseline names "plan".*"plain"/ }],
    [
      'an unknown fallback',
      (lab) => lab.replace('model: world', 'model: world, fallback: [n]'),
      { line: 9, says: /no model "n".*fallback/ },
    ],
    [
      'an unknown judge',
      (lab) => lab.replace('type: equals', 'type: rubric, model: j'),
      { line: 10, says: /no model "j".*rubric/ },
    ],
    ['an unknown role', (lab) => `${lab}evolve: { roles: { judge: j } }\n`, { line: 11, says: /no model "j".*evolve/ }],
    [
      'a split that does not add up',
      (lab) => `${lab}evolve: { split: { train: 0.5, race: 0.5, holdout: 0.5 } }\n`,
      { line: 11, says: /adds up to 1\.5/ },
    ],
    ['a limit without a unit', (lab) => `${lab}constraints: { latency: "<= 2" }\n`, { line: 11, says: /p95 <= 2s/ }],
    ['an unknown metric', (lab) => `${lab}constraints: { latncy: "<= 2s" }\n`, { line: 11, says: /latncy.*"latency"/ }],
    ['no cases', (lab) => lab.replace(/cases:\n.*\n.*\n/, 'cases: []\n'), { line: 5, says: /no cases/ }],
    [
      'no model for the experiment',
      (lab) => lab.replace('model: world', 'model: world, experiment: false'),
      { line: 9, says: /experiment: false/ },
    ],
    [
      'two sources of one prompt',
      (lab) => lab.replace('name: other,', 'name: other, file: x.txt,'),
      { line: 4, says: /only one of/ },
    ],
    [
      'a missing prompt file',
      (lab) => lab.replace('text: "Ham? {input}"', 'file: x.txt'),
      { line: 4, says: /x\.txt does not exist/ },
    ],
    [
      'a stored prompt without a database',
      (lab) => lab.replace('text: "Ham? {input}"', 'ref: x@1'),
      { line: 4, says: /no database/ },
    ],
    [
      'a missing case file',
      (lab) => lab.replace(/cases:\n.*\n.*\n/, 'cases: { file: none.csv }\n'),
      { line: 5, says: /none\.csv does not exist/ },
    ],
    ['a missing name', (lab) => lab.replace('name: spam\n', ''), { line: 1, says: /name is missing/ }],
    ['no evaluators', (lab) => lab.replace(/evaluators:.*\n/, ''), { line: 1, says: /evaluators is missing/ }],
    [
      'a wrong kind',
      (lab) => `${lab}concurrency: many\n`,
      { line: 11, says: /concurrency must be a number, not "many"/ },
    ],
    ['a syntax error', (lab) => lab.replace('id: b, input: y', 'id: b, input: [y'), { line: 7, says: /./ }],
  ])('%s', async (_, spoil, { line, says }) => {
    const lab = spoil(minimal)
    expect(lab).not.toBe(minimal)
    const problems = await problemsOf(load(lab))
    expect(problems.map((problem) => problem.message).join('\n')).toMatch(says)
    const found = problems.find((problem) => says.test(problem.message))
    expect(found?.line).toBe(line)
    expect(found?.file).toMatch(/lab\.yaml$/)
  })

  test('every problem at once, in the order of the file', async () => {
    const lab = `${minimal.replace('name: other', 'name: plain').replace('id: b', 'id: a').replace('type: equals', 'type: equl').replace('{ id: m,', '{ id: m, temprature: 0,')}baseline: x\nsed: 3\n`
    const problems = await problemsOf(load(lab))
    expect(problems.map((problem) => problem.line)).toEqual([4, 7, 9, 10, 11, 12])
  })

  test('a problem in a case file names that file and line', async () => {
    const lab = minimal.replace(/cases:\n.*\n.*\n/, 'cases: { file: c.csv, columns: { input: text } }\n')
    const problems = await problemsOf(load(lab, { 'c.csv': 'id,text,weight,expected\n1,a,,x\n1,b,,x\n2,c,-1,x\n' }))
    expect(problems.map((problem) => [problem.line, problem.file?.endsWith('c.csv')])).toEqual([
      [3, true],
      [4, true],
    ])
  })

  test('no case left by the filter is told with the filter', async () => {
    const lab = minimal.replace(/cases:\n.*\n.*\n/, 'cases:\n  file: c.csv\n  where: { fold: tset }\n')
    const [problem] = await problemsOf(load(lab, { 'c.csv': 'input,fold\na,test\n' }))
    expect(problem).toMatchObject({
      line: 7,
      message: expect.stringMatching(/none of the 1 rows has \{"fold":"tset"\}/),
    })
  })

  test('a lab that is not there', async () => {
    await expect(loadLab(join(root, 'none.yaml'))).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('promptlab init'),
    })
  })

  test('a file of another encoding', async () => {
    const problems = await problemsOf(
      loadLab(join(await folder({ 'lab.yaml': Buffer.from('name: a\n# \xe4', 'latin1') }), 'lab.yaml')),
    )
    expect(problems).toMatchObject([{ line: 2 }])
  })
})

describe('warnings and rejects stop nothing', () => {
  test('a broken row is kept for the rejects file and the rest goes on', async () => {
    const lab = minimal.replace(/cases:\n.*\n.*\n/, 'cases: c.csv\n')
    const { snapshot, rejects, warnings } = await load(lab, {
      'c.csv': 'id,input,expected\n1,a,x\n2,b\n3,"c,x\n4,d,x\n',
    })
    expect(snapshot.cases.map((testCase) => testCase.id)).toEqual(['1', '4'])
    expect(rejects).toMatchObject([
      {
        name: 'c.rejects.csv',
        rows: [
          { line: 3, text: '2,b' },
          { line: 4, text: '3,"c,x' },
        ],
      },
    ])
    expect(rejects[0]?.text.split('\n')).toHaveLength(4)
    expect(warnings).toEqual([expect.stringMatching(/c\.csv:3: .*2 fields.*1 more/)])
  })

  test('double braces around a variable of the cases', async () => {
    const { warnings } = await load(minimal.replace('Ham? {input}', 'Ham? {{input}} {input} {{x}}'))
    expect(warnings).toEqual([expect.stringMatching(/:4: .*"other" contains \{\{input\}\}/)])
  })

  test('a case without an expected answer', async () => {
    const { warnings } = await load(minimal.replace(', expected: spam', ''))
    expect(warnings).toEqual([
      expect.stringMatching(/1 case has no expected answer \(first: "a" in line 6\).*"equals"/),
    ])
  })

  test('a limit that asks for worse', async () => {
    const { warnings } = await load(`${minimal}constraints: { cost: ">= $1" }\n`)
    expect(warnings).toEqual([expect.stringContaining('is the sign right?')])
  })
})

describe('whatever is written, it loads or says what is wrong', () => {
  const valid = {
    name: 's',
    seed: 1,
    prompts: [
      { name: 'p', text: '{q}', tags: ['a'] },
      { name: 'm', messages: [{ role: 'user', content: '{q}' }] },
    ],
    cases: [{ id: 'a', q: 1, expected: ['x'], weight: 2, tags: 't', evaluators: [{ type: 'contains' }] }],
    models: [
      'simulated/w',
      { id: 'n', provider: 'http', model: 'x', url: 'http://127.0.0.1/', price: 0, fallback: ['simulated/w'] },
    ],
    evaluators: [
      { type: 'equals', value: 'x' },
      { type: 'all-of', evaluators: [{ type: 'regex', pattern: 'a' }] },
    ],
    objectives: { quality: { weight: 1 } },
    constraints: { latency: 'p95 <= 2s' },
    gates: { passRate: '>= 0.9' },
    analysis: { cluster: 'q' },
    budget: { calls: 1 },
    evolve: { roles: { judge: 'n' }, split: { column: 'q', map: { a: 'train' } } },
  }
  const places: (string | number)[][] = []
  const walk = (value: unknown, path: (string | number)[]): void => {
    if (path.length > 0) places.push(path)
    if (typeof value !== 'object' || value === null) return
    for (const [key, member] of Object.entries(value)) walk(member, [...path, Array.isArray(value) ? Number(key) : key])
  }
  walk(valid, [])

  test('the lab itself', async () => {
    expect((await labFromObject(valid, root)).snapshot.variants).toHaveLength(2)
  })

  test('with any one value replaced, taken out or added to', async () => {
    const junk = fc.oneof(
      fc.json().map((text) => JSON.parse(text) as unknown),
      fc.constantFrom(undefined, Number.NaN, '', '__proto__', -1, 1e308, [], {}, '{q}', '{{q}}'),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...places),
        junk,
        fc.constantFrom('replace', 'remove', 'add'),
        async (path, value, how) => {
          const lab = structuredClone(valid) as unknown as Record<string, unknown>
          const parent = path
            .slice(0, -1)
            .reduce<Record<string, unknown>>((node, key) => node[key] as Record<string, unknown>, lab)
          const last = String(path.at(-1))
          if (how === 'remove') delete parent[last]
          else parent[how === 'add' ? `${last}x` : last] = value
          try {
            await labFromObject(lab, root)
          } catch (error) {
            if (!(error instanceof LabError)) throw error
            expect(error.problems.length).toBeGreaterThan(0)
            for (const problem of error.problems) expect(problem.message).toMatch(/^\S[\s\S]*[.?!)]$/)
          }
        },
      ),
      { seed: 12, numRuns: 1500 },
    )
  })
})
