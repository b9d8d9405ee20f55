import { Command, InvalidArgumentError } from 'commander'
import { globalFlags } from '../flags.ts'
import { createOutput } from '../output.ts'

export type AppFlags = { readonly port?: number; readonly browser?: boolean; readonly open?: boolean }

const portNumber = (text: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError('expected a port from 0 to 65535.')
  return value
}

export const appCommand = (): Command =>
  new Command('app')
    .description('open the lab in a window: the desktop app where it is installed, your browser otherwise')
    .option('--browser', 'use the browser even where the desktop app is installed')
    .option('--port <n>', 'the port of the browser host on 127.0.0.1 (default: a free one)', portNumber)
    .option('--no-open', 'only print the address')
    .action(async (options: AppFlags, command: Command) => {
      const flags = globalFlags(command)
      const output = createOutput(flags)
      if (flags.envFile !== undefined) await (await import('../door.ts')).loadEnvFile(flags.envFile)
      const { findDesktop, runDesktop } = await import('../desktop-app.ts')
      const wantsBrowser = options.browser === true || options.port !== undefined || options.open === false
      const desktop = wantsBrowser ? null : findDesktop()
      if (desktop !== null && 'start' in desktop) {
        await runDesktop(desktop.start, flags.db)
        return
      }
      if (desktop !== null) output.say(desktop.why)
      const { runBrowserApp } = await import('../browser-app.ts')
      await runBrowserApp({ output, debug: flags.debug, ...(flags.db === undefined ? {} : { db: flags.db }) }, options)
    })
