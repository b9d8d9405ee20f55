import { parentPort } from 'node:worker_threads'
import { evaluateCell } from '../../../src-core/evaluators/evaluate.ts'
import { cellOf, specsOf } from '../../../src-core/evaluators/test/cell.ts'
import { forkIsolatedProcess } from '../../isolated-process/fork.ts'
import { createEvaluatorServices } from '../services.ts'

/** What the engine's thread does: evaluators with their real services, off the main thread. */
const none = async () => ({ failure: { code: 'server' as const, message: 'no model here' } })
const services = createEvaluatorServices({ judge: none, embed: none, startIsolatedProcess: forkIsolatedProcess })
const specs = specsOf(
  { type: 'regex', pattern: '(\\d+)', group: 1 },
  { type: 'regex', pattern: '(.*)*x(.*)*y$', name: 'slow' },
  { type: 'javascript', code: 'output.length / 10' },
  { type: 'json-schema', field: '{json}', schema: { properties: { id: { pattern: '^[a-z]+$' } } } },
  { type: 'rubric', model: 'm' },
)
const input = cellOf(`${'z'.repeat(50)}42`, ['42'], { inputs: { json: '{"id":"abc"}' } })
const cell = await evaluateCell(specs, input, services)
await services.dispose()
parentPort?.postMessage(cell)
