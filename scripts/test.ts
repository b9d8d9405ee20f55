/** `npm test`: everything a contributor must pass. Provides the browser it needs and ends with `N passed, N failed`. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { provideBrowser } from './browser.ts'
import { checks, runStep, runSteps } from './steps.ts'

const folder = mkdtempSync(join(tmpdir(), 'prompt-lab-test-'))
let { passed, failed } = await runSteps(checks)

const count = (file: string, read: (report: unknown) => { passed: number; failed: number }, stepOk: boolean) => {
  let counted = { passed: 0, failed: 0 }
  try {
    counted = read(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    console.log(`FAIL no test report was written: ${(error as Error).message}`)
    counted = { passed: 0, failed: 1 }
  }
  // A runner that ends badly although every counted test passed (a crash, an unhandled rejection) has failed.
  if (!stepOk && counted.failed === 0) counted = { ...counted, failed: 1 }
  if (stepOk && counted.passed === 0) counted = { passed: 0, failed: 1 }
  passed += counted.passed
  failed += counted.failed
}

const unitReport = join(folder, 'unit.json')
const unit = await runStep(
  {
    name: 'unit',
    command: [
      'vitest',
      'run',
      '--silent=passed-only',
      '--reporter=default',
      '--reporter=json',
      `--outputFile=${unitReport}`,
    ],
  },
  { live: true },
)
count(
  unitReport,
  (report) => {
    const { numPassedTests, numFailedTests } = report as { numPassedTests: number; numFailedTests: number }
    return { passed: numPassedTests, failed: numFailedTests }
  },
  unit.ok,
)

const build = await runSteps([{ name: 'build', command: ['node', 'scripts/build.ts'] }])
passed += build.passed
failed += build.failed

if (build.failed === 0) {
  const pack = await runStep({ name: 'package', command: ['node', 'scripts/pack-test.ts', '--built'] }, { live: true })
  const told = /^(\d+) passed, (\d+) failed$/m.exec(pack.output)
  passed += Number(told?.[1] ?? 0)
  failed += pack.ok ? 0 : Math.max(1, Number(told?.[2] ?? 1))
}

const browser = provideBrowser()
if ('instruction' in browser) {
  console.log(`FAIL end to end: ${browser.instruction}`)
  failed++
} else if (build.failed === 0) {
  const report = join(folder, 'e2e.json')
  const e2e = await runStep(
    {
      name: 'end to end',
      command: ['playwright', 'test', '--reporter=list,json'],
      env: { PROMPTLAB_CHROMIUM: browser.path, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
    },
    { live: true },
  )
  count(
    report,
    (json) => {
      const { stats } = json as { stats: { expected: number; unexpected: number; flaky: number } }
      return { passed: stats.expected, failed: stats.unexpected + stats.flaky }
    },
    e2e.ok,
  )
}

rmSync(folder, { recursive: true, force: true })
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
