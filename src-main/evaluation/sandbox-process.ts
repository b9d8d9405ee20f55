import { parentChannel } from '../isolated-process/parent.ts'
import { createSandbox } from './sandbox.ts'
import type { ScriptMessage, ScriptRequest } from './script-protocol.ts'

/** Process entry: runs one script after the other. Whatever breaks the sandbox ends the process; the host starts another. */
const { send, onMessage } = parentChannel()
const sandbox = await createSandbox()

onMessage((message) => {
  const { id, code, input, deadlineMs } = message as ScriptRequest
  send({ kind: 'verdict', id, verdict: sandbox.run(code, input, deadlineMs) } satisfies ScriptMessage)
})
send({ kind: 'ready' } satisfies ScriptMessage)
