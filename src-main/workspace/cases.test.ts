import { expect, test } from 'vitest'
import { simulatedLab, withApp } from './test/with-app.ts'

const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64')

test('a lab goes in and comes out as the same lab', () =>
  withApp(async ({ api }) => {
    const { project } = await api.projects.importLab({
      text: simulatedLab(5, 'repetitions: 3\ngates: { passRate: ">= 0.5" }\n'),
    })
    const exported = await api.projects.exportLab({ project: project.id })
    const [lab, cases] = exported.files
    const again = await api.projects.importLab({
      text: lab?.text ?? '',
      files: [{ name: 'cases.jsonl', base64: base64(cases?.text ?? '') }],
    })
    expect(again.project.name).toBe('trial 2')
    const second = await api.projects.exportLab({ project: again.project.id })
    expect(second.files[1]).toEqual(cases)
    expect(second.files[0]?.text.replace('name: trial 2', 'name: trial')).toBe(lab?.text)
  }))

test('an import names neither servers nor keys of its author', () =>
  withApp(async ({ api }) => {
    const text = simulatedLab(1).replace(
      'models: [simulated/world]',
      'models: [{ id: far, provider: openai, model: m, baseUrl: "https://collect.example/v1", apiKeyEnv: MY_KEY }, { id: near, provider: openai, model: m, baseUrl: "http://127.0.0.1:9/v1" }]',
    )
    const { project, warnings } = await api.projects.importLab({ text })
    expect(warnings.join()).toContain('https://collect.example/v1')
    const { setup } = await api.setup.get({ project: project.id })
    expect(setup.models).toEqual([
      { id: 'far', provider: 'openai', model: 'm' },
      { id: 'near', provider: 'openai', model: 'm', baseUrl: 'http://127.0.0.1:9/v1' },
    ])
  }))

test('a file is shown before it comes in: types, delimiter, rejected rows, columns by choice; one undo takes it out', () =>
  withApp(async ({ api }) => {
    const project = (await api.projects.create({ name: 'grid' })).id
    const csv = '\uFEFFid;question;expected;weight\n1;Größe?;groß;2\n2;"broken\n3;Farbe?;rot;1\n'
    const preview = await api.cases.importPreview({ project, name: 'fragen.csv', base64: base64(csv) })
    expect(preview).toMatchObject({ delimiter: ';', encoding: 'utf-8', rowCount: 2, rejectedCount: 1 })
    expect(preview.columns.map(({ name, type, reserved }) => [name, type, reserved])).toEqual([
      ['id', 'text', true],
      ['question', 'text', false],
      ['expected', 'text', true],
      ['weight', 'number', true],
    ])
    const hash = await api.projects.stateHash({ project })
    const done = await api.cases.importCommit({ project, token: preview.token, columns: { question: 'input' } })
    expect([done.rows, done.undo]).toEqual([2, 'Import of fragen.csv'])
    const { rows, total } = await api.cases.window({
      project,
      query: { filter: { text: 'GRÖSSE' } },
      offset: 0,
      limit: 10,
    })
    expect([rows.length, total]).toEqual([0, 0])
    const found = await api.cases.window({ project, query: { filter: { text: 'größe' } }, offset: 0, limit: 10 })
    expect(found.rows.map(({ cells }) => cells)).toEqual([{ id: '1', v1: 'Größe?', expected: 'groß', weight: 2 }])
    await api.projects.undo({ project })
    expect(await api.projects.stateHash({ project })).toBe(hash)
  }))

test('a window of a query: filter, sort, place, statistics, problems', () =>
  withApp(async ({ api }) => {
    const project = (await api.projects.importLab({ text: simulatedLab(30) })).project.id
    const columns = await api.cases.columns({ project })
    const message = columns.find(({ name }) => name === 'message')?.key ?? ''
    const query = { filter: { tag: 't1' }, sort: { column: message, direction: 'descending' as const } }
    const { rows, total, all } = await api.cases.window({ project, query, offset: 2, limit: 3 })
    expect([total, all, rows.map(({ cells }) => cells.id)]).toEqual([10, 30, ['c28', 'c25', 'c22']])
    expect(await api.cases.indexOf({ project, query, row: rows[1]?.id ?? 0 })).toBe(3)
    const stats = await api.cases.stats({ project, column: 'expected' })
    expect(stats.top).toEqual([
      { value: 'ham', count: 15 },
      { value: 'spam', count: 15 },
    ])
    await api.cases.edit({
      project,
      edits: [
        { case: rows[0]?.id ?? 0, column: 'id', value: 'c0' },
        { case: rows[1]?.id ?? 0, column: 'split', value: 'test' },
      ],
    })
    expect((await api.cases.problems({ project })).map(({ column, message: words }) => [column, words])).toEqual([
      ['id', 'The id "c0" is used twice.'],
      ['split', '"test" is no split: train, race or holdout.'],
      ['id', 'The id "c0" is used twice.'],
    ])
    const counted = await api.cases.findCount({ project, what: { find: 'MESSAGE 1' } })
    expect(counted).toEqual({ rows: 11, replacements: 11 })
    const replaced = await api.cases.findReplace({ project, what: { find: 'MESSAGE 1', replace: 'note $& ' } })
    expect(replaced.replacements).toBe(11)
    expect(
      (await api.cases.window({ project, query: { filter: { text: 'note $& 9' } }, offset: 0, limit: 9 })).total,
    ).toBe(1)
  }))

test('errors cross with their closed code, and wrong requests say where', () =>
  withApp(async ({ api }) => {
    await expect(api.projects.get({ project: 99 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      cause: { code: 'not-found' },
    })
    await expect(api.projects.create({ name: 'x', colour: 'red' } as never)).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
    await expect(api.services.setKey({ variable: 'OPENAI_API_KEY', value: 'sk-1' })).rejects.toMatchObject({
      cause: { code: 'unsupported' },
    })
    await expect(api.projects.importLab({ path: '/etc/passwd' })).rejects.toMatchObject({
      cause: { code: 'unsupported' },
    })
    await api.projects.create({ name: 'x' })
    await expect(api.projects.create({ name: 'x' })).rejects.toMatchObject({ cause: { code: 'usage' } })
  }))

test('a project in the trash comes back; a copy is a project of its own', () =>
  withApp(async ({ api }) => {
    const { id: project } = (await api.projects.importLab({ text: simulatedLab(3) })).project
    const copy = await api.projects.duplicate({ project, name: 'copy' })
    await api.cases.remove({ project: copy.id, rows: { filter: {} } })
    expect((await api.projects.get({ project })).cases).toBe(3)
    await api.projects.trash({ project })
    expect((await api.projects.list()).map(({ name }) => name)).toEqual(['copy'])
    expect((await api.projects.list({ trash: true })).map(({ name }) => name)).toEqual(['trial'])
    expect((await api.projects.restore({ project })).trashedAt).toBeNull()
  }))
