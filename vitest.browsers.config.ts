import { defineConfig } from 'vitest/config'

// `npm run test:browsers`: real Firefox, WebKit and Chromium as Debian packages them. Not part of `npm test`, which needs
// nothing but npm.
export default defineConfig({
  test: {
    include: ['tools/browsers/**/*.browsers.ts'],
    globalSetup: ['tools/testing/build_once.ts'],
    pool: 'forks',
    reporters: ['verbose'],
  },
})
