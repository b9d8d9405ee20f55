import { defineConfig } from 'vitest/config'

/** Seeded simulation of error rates and coverage: minutes, so it is a command of its own. */
export default defineConfig({
  test: {
    include: ['src-*/**/*.calibration.ts'],
    environment: 'node',
    pool: 'forks',
    testTimeout: 600_000,
  },
})
