import type { QuickJSContext, QuickJSHandle, QuickJSWASMModule } from 'quickjs-emscripten'
import { newQuickJSWASMModuleFromVariant, newVariant, RELEASE_SYNC, Scope } from 'quickjs-emscripten'
import type { ScriptVerdict } from '../../src-core/evaluators/evaluator.ts'
import { parseJson } from '../../src-core/evaluators/json-text.ts'

export type Sandbox = { readonly run: (code: string, input: string, deadlineMs: number) => ScriptVerdict }

/** The type library of the DOM declares it; Node has it without. */
declare const WebAssembly: {
  readonly Memory: new (pages: {
    readonly initial: number
    readonly maximum: number
  }) => { readonly buffer: ArrayBuffer }
}

const mebibyte = 2 ** 20
const page = 2 ** 16

/**
 * QuickJS's own memory limit does not hold (safety.md 2.6): an array grown by push passed it. The WebAssembly memory's
 * maximum does, because nothing in the sandbox can live anywhere else.
 */
const memoryLimit = 48 * mebibyte
const heapLimit = 40 * mebibyte
const stackLimit = mebibyte / 4
const longestResult = 65_536

const newModule = (): Promise<QuickJSWASMModule> => {
  // 16 MB is the least that the module was compiled for.
  const wasmMemory = new WebAssembly.Memory({ initial: (16 * mebibyte) / page, maximum: memoryLimit / page })
  return newQuickJSWASMModuleFromVariant(newVariant(RELEASE_SYNC, { wasmMemory }))
}

/**
 * Untrusted JavaScript in QuickJS compiled to WebAssembly: no I/O, no modules, a runtime of its own for every script, text
 * in and text out. It still belongs into a process that can be killed, since a long native operation is not interrupted.
 *
 * A script is an expression, or statements with `return`. The members of its input are constants of their names.
 */
export const createSandbox = async (): Promise<Sandbox> => {
  const quickjs = await newModule()
  return {
    run: (code, input, deadlineMs) => {
      const end = performance.now() + deadlineMs
      let timedOut = false
      const runtime = quickjs.newRuntime()
      runtime.setMemoryLimit(heapLimit)
      runtime.setMaxStackSize(stackLimit)
      runtime.setInterruptHandler(() => {
        timedOut ||= performance.now() > end
        return timedOut
      })
      const context = runtime.newContext()
      const verdict = evaluate(context, code, input)
      context.dispose()
      runtime.dispose()
      return timedOut ? { kind: 'timed-out' } : verdict
    },
  }
}

type Outcome = { readonly ok: true; readonly handle: QuickJSHandle } | { readonly ok: false; readonly message: string }

/** Handles are given back whatever happens: a runtime that is disposed while one is held ends the process. */
const evaluate = (context: QuickJSContext, code: string, input: string): ScriptVerdict =>
  Scope.withScope((scope) => {
    // Made before the script runs, so that it cannot put something of its own in their place.
    const prepared = evalCode(context, preparation)
    if (!prepared.ok) return failure(prepared.message)
    scope.manage(prepared.handle)
    const compiled = compile(context, code, input)
    if (!compiled.ok) return failure(compiled.message)
    scope.manage(compiled.handle)
    const text = scope.manage(context.newString(input))
    const result = settle(context, context.callFunction(prepared.handle, context.undefined, compiled.handle, text))
    return result.ok ? readResult(context, scope.manage(result.handle)) : failure(result.message)
  })

const failure = (message: string): ScriptVerdict => ({ kind: 'error', message: message.slice(0, 300) })

const readResult = (context: QuickJSContext, handle: QuickJSHandle): ScriptVerdict => {
  if (context.typeof(handle) !== 'string') return failure('the script returned nothing that JSON can say')
  // Measured inside before it is copied out.
  if (lengthOf(context, handle) > longestResult) return failure(`the result is longer than ${longestResult} characters`)
  const parsed = parseJson(context.getString(handle))
  return parsed.ok ? { kind: 'value', value: parsed.value } : failure(`the result cannot be used: ${parsed.reason}`)
}

/** Of a text. */
const lengthOf = (context: QuickJSContext, text: QuickJSHandle): number =>
  context.getProp(text, 'length').consume((value) => context.getNumber(value))

/** Parses the input, runs the script, makes text of what it returns. */
const preparation = `((parse, stringify, BuiltInPromise) => (script, input) => {
  const result = script(parse(input))
  if (result instanceof BuiltInPromise) throw new TypeError('the script returned a promise; it must return a value')
  return stringify(result)
})(JSON.parse, JSON.stringify, Promise)`

const compile = (context: QuickJSContext, code: string, input: string): Outcome => {
  const parsed = parseJson(input)
  const names =
    parsed.ok && typeof parsed.value === 'object' && parsed.value !== null && !Array.isArray(parsed.value)
      ? Object.keys(parsed.value).filter((name) => /^[A-Za-z_]\w*$/.test(name))
      : []
  const head = names.length > 0 ? `({ ${names.join(', ')} })` : '(input)'
  const expression = evalCode(context, `(${head} => (\n${code}\n))`)
  if (expression.ok && context.typeof(expression.handle) === 'function') return expression
  if (expression.ok) expression.handle.dispose()
  const statements = evalCode(context, `(${head} => {\n${code}\n})`)
  if (!statements.ok) return statements
  if (context.typeof(statements.handle) === 'function') return statements
  statements.handle.dispose()
  return { ok: false, message: 'the code is neither an expression nor statements' }
}

const evalCode = (context: QuickJSContext, source: string): Outcome =>
  settle(context, context.evalCode(source, 'script.js', { strict: true }))

const settle = (context: QuickJSContext, result: ReturnType<QuickJSContext['evalCode']>): Outcome => {
  if (result.error === undefined) return { ok: true, handle: result.value }
  const message = describe(context, result.error)
  result.error.dispose()
  return { ok: false, message }
}

/** Reads only text members and never walks a thrown value: it may be a proxy, a getter that loops, or endless. */
const describe = (context: QuickJSContext, thrown: QuickJSHandle): string => {
  const textOf = (handle: QuickJSHandle): string | null => {
    if (context.typeof(handle) !== 'string') return null
    return lengthOf(context, handle) <= 10_000 ? context.getString(handle) : 'a very long text'
  }
  if (context.typeof(thrown) !== 'object') return textOf(thrown) ?? `threw a ${context.typeof(thrown)}`
  const member = (name: string) => context.getProp(thrown, name).consume(textOf)
  return `${member('name') ?? 'Error'}: ${member('message') ?? 'without a message'}`
}
