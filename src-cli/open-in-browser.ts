import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Opens an address with a secret in it. What stands on a command line is readable for every user of the machine, so the
 * browser is given a file that only this user can read, which leads to the address.
 *
 * Null where there is no screen to open it on. That the browser could not be started is no error: the address is printed.
 */
export const openInBrowser = async (url: string): Promise<{ forget(): Promise<void> } | null> => {
  const program = opener(process.platform, process.env)
  if (program === null) return null
  const folder = await mkdtemp(join(tmpdir(), 'prompt-lab-'))
  const file = join(folder, 'open.html')
  await writeFile(file, launchPage(url), { mode: 0o600 })
  const [command, ...args] = program
  const child = spawn(command as string, [...args, file], { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
  return { forget: () => rm(folder, { recursive: true, force: true }) }
}

/** The program that shows a file to a person; null where nobody could see it. */
export const opener = (platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): readonly string[] | null => {
  if (platform === 'darwin') return ['open']
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler']
  const hasScreen = Boolean(environment.DISPLAY) || Boolean(environment.WAYLAND_DISPLAY)
  return hasScreen && environment.CI === undefined ? ['xdg-open'] : null
}

/** `url` is ours: an address of 127.0.0.1 and a token of letters, digits, - and _. */
export const launchPage = (url: string): string =>
  `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0; url=${url}"><title>Prompt Lab</title><a href="${url}">Open Prompt Lab</a>\n`
