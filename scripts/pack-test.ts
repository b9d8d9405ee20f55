/**
 * `npm run test:pack [-- --built]`: is the package whole? Packs it, installs the tarball into an empty folder as a
 * stranger would, and uses it there: the command, the library and the statistics, from JavaScript and TypeScript, under
 * this Node and under the one of the PATH. Ends with `N passed, N failed`. `--built` trusts the dist/ that is there.
 */
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { parseArgs } from 'node:util'
import { root, runStep } from './steps.ts'

const { values } = parseArgs({ options: { built: { type: 'boolean', default: false } } })

type Ended = { readonly code: number | null; readonly output: string; readonly stdout: string }
type Place = { readonly cwd: string; readonly path: string }

const tools = join(root, 'node_modules', '.bin')
/** The PATH without the project's own tools: what a stranger has. */
const strangersPath = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .join(delimiter)

const run = (words: readonly string[], { cwd, path }: Place): Promise<Ended> =>
  new Promise((resolve) => {
    const [program, ...args] = words
    // npm tells its children where it came from; a stranger's shell knows nothing of this checkout.
    const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$|NODE_)/i.test(name))
    const child = spawn(program as string, args, {
      cwd,
      env: { ...Object.fromEntries(inherited), PATH: path },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    let [output, stdout] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString('utf8')
      output += chunk.toString('utf8')
    })
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
    child.on('error', (error) => resolve({ code: null, output: String(error), stdout }))
    child.on('close', (code) => resolve({ code, output, stdout }))
  })

let passed = 0
let failed = 0
const check = (name: string, ok: boolean, seen: string = '') => {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}`)
  if (ok) passed++
  else {
    failed++
    console.log(seen.trimEnd())
  }
}

const lab = `name: pack
prompts:
  - { name: plain, text: "Answer: {input}" }
  - { name: strict, text: "Answer with one word and nothing else: {input}" }
cases:
${Array.from({ length: 8 }, (_, n) => `  - { id: c${n}, input: "word ${n}", expected: "w${n}" }`).join('\n')}
models: [{ id: world, provider: simulated, model: world }]
evaluators: [{ type: equals }]
baseline: plain
`

const consumer = `import { type ExperimentReport, LabError, PromptLab } from 'prompt-lab'
import * as stats from 'prompt-lab/stats'

await using lab = new PromptLab({ db: 'typed.db' })
const report: ExperimentReport = await lab.runExperiment('lab.yaml', { onProgress: ({ done }) => console.log(done) })
const best: string | undefined = report.best?.variant
const interval = stats.wilson(3, 10)
if (!('kind' in interval)) console.log(interval.ci[0], best, LabError.name)
// @ts-expect-error a number is no lab
await lab.runExperiment(1)
// @ts-expect-error there is no such statistic
stats.wilsonn(3, 10)
`

const script = `import { PromptLab } from 'prompt-lab'
import * as stats from 'prompt-lab/stats'

console.log(JSON.stringify(stats.wilson(3, 10).ci))
try {
  const lab = new PromptLab({ db: 'library.db' })
  const report = await lab.runExperiment('lab.yaml')
  console.log(report.status, report.results, report.notes[0])
  await lab.close()
} catch (error) {
  console.log(error.code, error.message)
}
`

/** What the tarball holds: all that is needed at run time and nothing of how it was made. */
const checkContents = (paths: readonly string[], bytes: number): void => {
  const needed = ['bin/promptlab.js', 'dist/main.js', 'dist/library.js', 'dist/stats.js', 'dist/engine-worker.js']
  const data = ['resources/models.json', 'resources/prices.json', 'resources/lab.schema.json', 'README.md', 'LICENSE']
  const typed = ['dist/types/src-main/library.d.ts', 'dist/types/src-core/stats/index.d.ts']
  const samples = ['resources/samples/plurals/lab.yaml', 'resources/samples/plurals/run/run.jsonl', 'docs/library.md']
  const missing = [...needed, ...data, ...typed, ...samples].filter((path) => !paths.includes(path))
  check('the tarball holds everything it needs', missing.length === 0, `missing: ${missing.join(', ')}`)
  const strange = paths.filter(
    (path) =>
      /\.map$|\.test\.|\.contract\.|testdata|tsbuildinfo|^(src-|scripts|bench|e2e|out\/(?!renderer\/))/.test(path) ||
      /(?<!\.d)\.ts$/.test(path.replace(/^docs\/examples\/.*/, '')),
  )
  check('and nothing of how it was made', strange.length === 0, `not wanted: ${strange.join(', ')}`)
  check(`it is small: ${(bytes / 1e6).toFixed(2)} MB packed`, bytes < 2_000_000)
}

const useIt = async (
  cwd: string,
  node: { readonly name: string; readonly path: string; readonly old: boolean },
): Promise<void> => {
  const place = { cwd, path: node.path }
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const told = await run(['npx', '--no-install', 'promptlab', '--version'], place)
  check(`${node.name}: npx promptlab --version`, told.code === 0 && told.stdout.trim() === version, told.output)
  const name = node.name.replace(/\W/g, '')
  const db = `${name}.db`
  const made = await run(
    ['npx', '--no-install', 'promptlab', 'init', name, '--sample', 'plurals', '--with-run', '--db', db],
    place,
  )
  check(
    `${node.name}: promptlab init --with-run`,
    made.code === 0 && made.stdout.includes('promptlab run'),
    made.output,
  )
  const seen = await run(['npx', '--no-install', 'promptlab', 'analyze', 'sample-plurals', '--json', '--db', db], place)
  check(
    `${node.name}: promptlab analyze of the stored run`,
    seen.code === 0 && JSON.parse(seen.stdout).results === 180,
    seen.output,
  )
  const ran = await run(
    ['npx', '--no-install', 'promptlab', 'run', 'lab.yaml', '--db', db, '--out', `${name}-out`],
    place,
  )
  const whole =
    ran.code === 0 && ran.stdout.includes('SIMULATED') && statSync(join(cwd, `${name}-out`, 'report.html')).size > 1000
  check(`${node.name}: promptlab run on the simulated provider`, whole, ran.output)
  const used = await run(['node', 'use.mjs'], place)
  const imported = node.old ? /^node-too-old .*Node 22\.14/m.test(used.stdout) : /^done 16 SIMULATED/m.test(used.stdout)
  if (!node.old) {
    const example = await run(['node', 'example.ts'], place)
    check(
      `${node.name}: the example of docs/library.md`,
      example.code === 0 && example.stdout.includes('SIMULATED'),
      example.output,
    )
  }
  check(
    `${node.name}: import { PromptLab } ${node.old ? 'says which Node it needs' : 'runs an experiment'}`,
    used.code === 0 && imported && used.stdout.startsWith('[0.107'),
    used.output,
  )
}

const folder = mkdtempSync(join(tmpdir(), 'prompt-lab-pack-'))
try {
  if (!values.built) {
    const build = await runStep({ name: 'build', command: ['node', 'scripts/build.ts'] })
    check('build', build.ok, build.output)
    if (!build.ok) throw new Error('nothing to pack')
  }
  const packed = await run(['npm', 'pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: root,
    path: strangersPath,
  })
  // A list in older versions of npm, an object by package name in newer ones.
  const [facts] = Object.values(JSON.parse(packed.stdout)) as {
    filename: string
    size: number
    files: { path: string }[]
  }[]
  if (facts === undefined) throw new Error(packed.output)
  checkContents(
    facts.files.map(({ path }) => path),
    facts.size,
  )

  const cwd = join(folder, 'empty')
  mkdirSync(cwd)
  const { overrides } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { overrides: object }
  // The overrides only leave out node-llama-cpp's builds for graphics cards, hundreds of megabytes to fetch.
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module', overrides }))
  const installed = await run(
    ['npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', join(folder, facts.filename)],
    { cwd, path: strangersPath },
  )
  check('npm install of the tarball in an empty folder', installed.code === 0, installed.output)

  writeFileSync(join(cwd, 'lab.yaml'), lab)
  writeFileSync(join(cwd, 'use.mjs'), script)
  writeFileSync(join(cwd, 'use.ts'), consumer)
  const compilerOptions = {
    strict: true,
    module: 'nodenext',
    target: 'es2024',
    lib: ['es2024', 'esnext.disposable'],
    // What `npm i -D @types/node` would bring.
    typeRoots: [join(root, 'node_modules', '@types')],
    types: ['node'],
    noEmit: true,
  }
  writeFileSync(join(cwd, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts', 'example.ts'] }))
  cpSync(join(cwd, 'node_modules/prompt-lab/docs/examples/library.ts'), join(cwd, 'example.ts'))
  const typed = await run([join(tools, 'tsc'), '-p', '.'], { cwd, path: `${tools}${delimiter}${strangersPath}` })
  check(
    'a TypeScript program with strict and nodenext compiles, library declarations included',
    typed.code === 0,
    typed.output,
  )

  await useIt(cwd, { name: `Node ${process.versions.node}`, path: `${tools}${delimiter}${strangersPath}`, old: false })
  const theirs = (
    await run(['node', '-p', 'process.versions.node + " " + process.versions.napi'], { cwd, path: strangersPath })
  ).stdout.trim()
  const [version, napi] = theirs.split(' ')
  if (version === undefined || version === process.versions.node || version === '')
    console.log('note the PATH has no other Node; only this one was tried')
  else await useIt(cwd, { name: `Node ${version}`, path: strangersPath, old: Number(napi) < 10 })
} catch (error) {
  check('the package can be tried', false, (error as Error).stack ?? String(error))
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
