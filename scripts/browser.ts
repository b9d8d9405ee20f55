import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** The browser that the end-to-end tests drive; null where none is here. PROMPTLAB_CHROMIUM names another. */
export const findBrowser = (): string | null => {
  const named = process.env.PROMPTLAB_CHROMIUM
  if (named !== undefined && named !== '') return existsSync(named) ? named : null
  return places.find((path) => existsSync(path)) ?? null
}

/** Installs Debian's Chromium where this process may; returns its path, or says exactly what to do. */
export const provideBrowser = (): { readonly path: string } | { readonly instruction: string } => {
  const found = findBrowser()
  if (found !== null) return { path: found }
  const isRoot = process.getuid?.() === 0
  const hasApt = existsSync('/usr/bin/apt-get')
  if (isRoot && hasApt) {
    console.log("No browser here; installing Debian's chromium (about 110 MB) ...")
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env })
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], {
      stdio: 'inherit',
      env,
    })
    const installed = findBrowser()
    if (installed !== null) return { path: installed }
  }
  return {
    instruction: hasApt
      ? 'No browser for the end-to-end tests. Install one with `sudo apt-get install chromium`, or name one in PROMPTLAB_CHROMIUM, and run `npm test` again.'
      : 'No browser for the end-to-end tests. Install Google Chrome or Chromium, or name one in PROMPTLAB_CHROMIUM, and run `npm test` again.',
  }
}
