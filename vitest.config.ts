import { defineConfig } from 'vitest/config'

// Tests start real processes, browsers and database engines, so a few files run at a time and each gets time.
export default defineConfig({
  test: {
    include: ['{contract,tracker,collector,dashboard,tools,loadtest}/**/*.test.ts'],
    globalSetup: ['tools/testing/build_once.ts'],
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
