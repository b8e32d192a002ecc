#!/usr/bin/env node
// `npm run fuzz`: see tools/fuzz/main.ts.

import { runBundled } from './run_bundled.mjs'

await runBundled('tools/fuzz/main.ts')
