// Node's version, and a clock that cannot be right.

import { statSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../config/package_root.ts'
import type { Check, Finding } from './finding.ts'

export const checkMachine: Check = async ({ now }) => {
  const isOlder = now < statSync(join(packageRoot(), 'package.json')).mtimeMs - 24 * 3600 * 1000
  const clock: Finding = isOlder
    ? {
        state: 'fail',
        text: `clock: ${new Date(now).toISOString()} is before this package was installed: set it right`,
      }
    : { state: 'ok', text: `clock: ${new Date(now).toISOString()}` }
  return [
    { state: 'ok', text: `node: ${process.versions.node} on ${process.platform} ${process.arch}` },
    clock,
  ]
}
