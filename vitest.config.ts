import { defineConfig } from 'vitest/config'

// Tests start real processes, browsers and database engines, so files run two at a time and each gets time.
export default defineConfig({
  test: {
    include: ['{contract,tracker,collector,dashboard,tools,loadtest}/**/*.test.ts'],
    globalSetup: ['tools/testing/build_once.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
