import { TRPCClientError } from '@trpc/client'
import type { LabErrorCode, Problem } from '../../src-core/domain/errors.ts'
import { isConnectionError, labErrorOf } from '../client/errors.ts'

export type ErrorStory = {
  /** What happened. */
  readonly what: string
  /** What is safe. */
  readonly safe: string
  /** The next step. */
  readonly next: string
  /** Copyable; the host has taken keys out of it already. */
  readonly detail: string
  readonly code: LabErrorCode
}

const nextSteps: Readonly<Record<LabErrorCode, string>> = {
  'lab-file': 'Correct the places listed below, then try again.',
  usage: 'Correct the input, then try again.',
  'not-found': 'It may have been deleted. Go back and refresh the list.',
  'missing-key': 'Add the key under Settings, Keys, or set its environment variable.',
  unreachable: 'Check that the server runs and that its address is right, then try again.',
  'model-unavailable': 'Choose another model, or fetch this one under Models.',
  download: 'Check the connection and the free space, then try again: what was fetched is kept.',
  store: 'Open Settings, Data, and press Verify. Free space on the disk if it is full.',
  'store-newer': 'Open this data with the newer Prompt Lab that wrote it.',
  busy: 'Another window or command works on this. Wait until it has finished, or stop it there.',
  'node-too-old': 'Install a newer Node and start again.',
  unsupported: 'Use a build of Prompt Lab that can do this.',
  internal: 'Try again. If it happens again, report it with the detail below.',
}

const place = ({ file, line, column, message }: Problem): string =>
  [file, line, column].filter((part) => part !== null).join(':') + (file === null ? '' : ': ') + message

/** An error as a screen tells it: what happened, what is safe, what to do, and the detail to copy. */
export const tellError = (error: unknown): ErrorStory => {
  if (!(error instanceof TRPCClientError)) {
    return {
      what: 'This part of the window failed.',
      safe: 'Everything saved so far is safe.',
      next: nextSteps.internal,
      detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      code: 'internal',
    }
  }
  const lab = labErrorOf(error)
  return {
    what: lab.message,
    safe: lab.code === 'store' ? 'Nothing was overwritten.' : 'Everything saved so far is safe.',
    next: isConnectionError(error)
      ? 'Start Prompt Lab again if its window or terminal was closed, then try again.'
      : nextSteps[lab.code],
    detail: [`code: ${lab.code}`, lab.message, ...lab.problems.map(place)].join('\n'),
    code: lab.code,
  }
}
