/** `node scripts/generate-icons.ts`: draws resources/icons/icon.svg at the sizes that the desktop app and its packages need. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { provideBrowser } from './browser.ts'
import { root } from './steps.ts'

const folder = join(root, 'resources', 'icons')
const sizes = { 'icon.png': 512, 'tray.png': 32 } as const

const found = provideBrowser()
if ('instruction' in found) throw new Error(found.instruction)
const svg = readFileSync(join(folder, 'icon.svg'), 'utf8')
const browser = await chromium.launch({ executablePath: found.path })
for (const [name, size] of Object.entries(sizes)) {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  const scaled = svg.replace('width="512" height="512"', `width="${size}" height="${size}"`)
  await page.setContent(`<style>body{margin:0;background:transparent}svg{display:block}</style>${scaled}`)
  await page.screenshot({ path: join(folder, name), omitBackground: true })
  await page.close()
}
await browser.close()
