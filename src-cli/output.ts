import { styleText } from 'node:util'
import { toErrorData } from '../src-core/domain/errors.ts'
import { labVersion } from '../src-main/package-root.ts'

export type GlobalFlags = {
  readonly db?: string
  readonly json: boolean
  readonly quiet: boolean
  readonly debug: boolean
  readonly color: boolean
  readonly envFile?: string
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'
export type Paint = (style: Style, text: string) => string

/**
 * Where a command writes. Standard output holds the result and nothing else (with --json: one object); everything said
 * on the way goes to standard error.
 */
export type Output = {
  readonly json: boolean
  readonly quiet: boolean
  /** A terminal that can redraw its last line. */
  readonly live: boolean
  readonly width: number
  readonly paint: Paint
  /** Text of the result, for people; nothing with --json. */
  print(text: string): void
  /** The result as an object; nothing without --json. */
  object(schema: string, value: object): void
  /** A line about what is going on; nothing with --quiet. */
  say(text: string): void
  /** A warning or error line; always shown. */
  warn(text: string): void
  /** Redraws the live line; an empty text clears it. Nothing where the output is not live. */
  status(text: string): void
}

export const createOutput = (flags: GlobalFlags): Output => {
  const stderrLive = process.stderr.isTTY === true && !flags.quiet
  let drawn = false
  const clear = () => {
    if (!drawn) return
    process.stderr.write('\r\u001b[2K')
    drawn = false
  }
  return {
    json: flags.json,
    quiet: flags.quiet,
    live: stderrLive,
    width: process.stdout.columns ?? 100,
    paint: (style, text) => (flags.color ? styleText(style, text, { validateStream: false }) : text),
    print: (text) => {
      if (flags.json) return
      clear()
      process.stdout.write(`${text}\n`)
    },
    object: (schema, value) => {
      if (!flags.json) return
      clear()
      process.stdout.write(`${JSON.stringify({ schema, labVersion: labVersion(), ...value })}\n`)
    },
    say: (text) => {
      if (flags.quiet) return
      clear()
      process.stderr.write(`${text}\n`)
    },
    warn: (text) => {
      clear()
      process.stderr.write(`${text}\n`)
    },
    status: (text) => {
      if (!stderrLive) return
      clear()
      if (text === '') return
      const room = (process.stderr.columns ?? 100) - 1
      process.stderr.write(text.length > room ? `${text.slice(0, room - 1)}…` : text)
      drawn = true
    },
  }
}

/** Says what went wrong at the door: a sentence per problem for people, the contract's object with --json. */
export const reportError = (error: unknown, flags: GlobalFlags): void => {
  const data = toErrorData(error)
  const output = createOutput(flags)
  const first = data.problems[0]
  if (flags.json) {
    const { code, message } = data
    output.object('error/1', {
      error: {
        code,
        message: first?.message ?? message,
        file: first?.file ?? null,
        line: first?.line ?? null,
        column: first?.column ?? null,
        problems: data.problems,
      },
    })
  } else if (data.problems.length > 0) {
    for (const { message, file, line, column } of data.problems) {
      const place =
        file === null ? '' : `${file}${line === null ? '' : `:${line}${column === null ? '' : `:${column}`}`}: `
      output.warn(`${output.paint('red', 'error')} ${place}${message}`)
    }
    if (data.problems.length > 1) output.warn(`${data.problems.length} problems; nothing was run.`)
  } else {
    output.warn(`${output.paint('red', 'error')} ${data.message}`)
  }
  if (data.code === 'internal' && !flags.debug && !flags.json) {
    output.warn(
      'This is a defect of Prompt Lab, not of your lab. Run the command again with --debug and report what it prints.',
    )
  }
  if (flags.debug && error instanceof Error) output.warn(error.stack ?? String(error))
}
