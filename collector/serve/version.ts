// The version of this package, from its package.json.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../config/package_root.ts'

export function version(): string {
  return JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')).version
}
