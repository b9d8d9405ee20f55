import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { settledChoice, stopRuns } from '../src-main/closing.ts'
import { type Host, openHost } from '../src-main/host.ts'
import { packageRoot } from '../src-main/package-root.ts'
import { openBundle } from '../src-main/page/bundle.ts'
import { startBrowserHost } from '../src-main/server/browser-host.ts'
import type { AppFlags } from './commands/app.ts'
import { openInBrowser } from './open-in-browser.ts'
import type { Output } from './output.ts'

type Door = { readonly output: Output; readonly debug: boolean; readonly db?: string }

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Serves the lab to a browser of this machine until Ctrl+C. The address is always printed; it is the key to the lab. */
export const runBrowserApp = async ({ output, debug, db }: Door, options: AppFlags): Promise<void> => {
  const bundle = openBundle(join(packageRoot(), 'out', 'renderer'))
  const host = await openHost({
    door: 'browser',
    ...(db === undefined ? {} : { db }),
    onNotice: (text) => output.say(text),
  })
  try {
    const server = await startBrowserHost({
      router: host.router,
      bundle,
      ...(options.port === undefined ? {} : { port: options.port }),
      onDefect: (procedure, error) => {
        output.warn(`A defect of Prompt Lab in ${procedure}: ${debug ? (error.stack ?? error.message) : error.message}`)
      },
    })
    try {
      output.print(
        `Prompt Lab is open at\n  ${output.paint('bold', server.launchUrl)}\nThe address is the key: whoever has it on this machine can use the lab. Ctrl+C ends it.`,
      )
      output.object('app/1', { url: server.launchUrl })
      const opened = options.open === false ? null : await openInBrowser(server.launchUrl)
      await interrupted(host, output)
      await opened?.forget()
    } finally {
      await server.close()
    }
  } finally {
    await host.close()
  }
}

/** Resolves when the lab may close: at Ctrl+C, or when the runs that a person wanted to see through have ended. */
const interrupted = async ({ app }: Host, output: Output): Promise<void> => {
  await nextInterrupt()
  const [{ runsLive }, { onClose }] = await Promise.all([app.app.info(), app.settings.get()])
  const settled = settledChoice(runsLive, onClose)
  const choice = settled ?? (process.stdin.isTTY === true ? await askPerson(runsLive) : 'stop')
  if (choice === 'background') {
    output.say('Going on until the last experiment has ended. Ctrl+C stops it and closes.')
    const again = nextInterrupt()
    while ((await app.app.info()).runsLive > 0) {
      if (await Promise.race([again.then(() => true), wait(1_000).then(() => false)])) break
    }
  } else if (runsLive > 0) output.say('Finishing the calls in flight, then saving.')
  await stopRuns(app, wait)
}

const nextInterrupt = (): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      process.off('SIGINT', end)
      process.off('SIGTERM', end)
      resolve()
    }
    process.on('SIGINT', end)
    process.on('SIGTERM', end)
  })

const askPerson = async (running: number): Promise<'background' | 'stop'> => {
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  // A second Ctrl+C at the question means: close.
  const closed = new Promise<string>((resolve) => prompt.once('SIGINT', () => resolve('s')))
  const what = running === 1 ? 'An experiment is' : `${running} experiments are`
  const answer = await Promise.race([
    prompt.question(`${what} running. [c]ontinue until it ends, or [s]top now? [c/S] `),
    closed,
  ])
  prompt.close()
  return /^\s*c/i.test(answer) ? 'background' : 'stop'
}
