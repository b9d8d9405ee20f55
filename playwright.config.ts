import { defineConfig } from '@playwright/test'
import type { DoorOptions } from './e2e/fixtures.ts'
import { findBrowser } from './scripts/browser.ts'

const executablePath = findBrowser()
const launchOptions = executablePath === null ? {} : { executablePath }

/**
 * The same specs through two doors: the browser host in real Chromium, and the built Electron bundle, driven through a test
 * double of the `electron` module (e2e/electron-double) or, with ELECTRON_REAL=1, through the real binary.
 */
export default defineConfig<DoorOptions>({
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: process.env.CI !== undefined,
  // A test that passes only at the second try hides a defect.
  retries: 0,
  workers: process.env.ELECTRON_REAL === '1' ? 1 : 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    launchOptions,
    viewport: { width: 1280, height: 800 },
    screenshot: 'only-on-failure',
    // Recording every page costs a third of the run; ask for it when a failure needs it.
    trace: process.env.PROMPTLAB_TRACE === '1' ? 'retain-on-failure' : 'off',
    locale: 'en-US',
    timezoneId: 'UTC',
  },
  projects: [
    { name: 'browser', use: { door: 'browser' }, testIgnore: 'closing.spec.ts' },
    // What needs no window runs once, and what only a desktop has runs there.
    { name: 'electron', use: { door: 'electron' }, testIgnore: ['report.spec.ts', 'host.spec.ts'] },
  ],
})
