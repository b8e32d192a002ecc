// Run after a change of dependencies: `node tools/complete_lock.mjs`. npm leaves optional packages of other platforms out
// of package-lock.json when the registry that it was given has none of them, and `npm ci` then refuses the lock
// ("Missing: @biomejs/cli-darwin-arm64@ from lock file"). This writes them in: a version, and the platform that the
// name tells, so that npm skips them here and installs them there.

import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]
const processors = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
]
const libraries = { gnu: 'glibc', musl: 'musl' }

const file = join(dirname(dirname(fileURLToPath(import.meta.url))), 'package-lock.json')
const lock = JSON.parse(readFileSync(file, 'utf8'))
const added = missingPackages(lock.packages)
Object.assign(lock.packages, added)
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`package-lock.json: ${Object.keys(added).length} packages of other platforms added`)

function missingPackages(packages) {
  const missing = {}
  for (const [path, parent] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      const place = `node_modules/${name}`
      if (packages[place] !== undefined || packages[`${path}/${place}`] !== undefined) continue
      // A package for each platform is pinned; a range would have to be resolved, which needs the registry.
      if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
        throw new Error(`${name}: ${version} is no exact version`)
      missing[place] = { version, ...platformOf(name), ...(parent.dev ? { dev: true } : {}), optional: true }
    }
  }
  return missing
}

/** `@biomejs/cli-linux-x64-musl → { os: ['linux'], cpu: ['x64'], libc: ['musl'] }` */
function platformOf(name) {
  const words = name.split(/[/-]/)
  const os = words.filter(word => systems.includes(word))
  const cpu = words.filter(word => processors.includes(word))
  const libc = words.flatMap(word => libraries[word] ?? [])
  return {
    ...(os.length > 0 ? { os } : {}),
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(libc.length > 0 ? { libc } : {}),
  }
}
