/** `npm run check`: types, lint, format, dead files, unit tests; seconds, for every save. */
import { checks, runSteps } from './steps.ts'

const { failed } = await runSteps([
  ...checks,
  { name: 'unit tests', command: ['vitest', 'run', '--silent=passed-only'] },
])
process.exitCode = failed === 0 ? 0 : 1
