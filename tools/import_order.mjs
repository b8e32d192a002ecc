// Holds the walls of the house: which room may import from which, what packages each may use, no cycle of files, and the
// names of files. Type imports count too, because a type is a dependency for whoever changes it. Reads the sources as
// text: compilers drop type imports before one can see them.

import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, posix } from 'node:path'

/** Rooms of the collector; each imports only from itself and from rooms before it. */
export const collectorRooms = [
  'config',
  'pipeline',
  'spool',
  'store',
  'load',
  'fold',
  'reports',
  'privacy',
  'imports',
  'http',
  'serve',
  'commands',
]

/** Packages that a browser room may bundle. */
const bundledPackages = {
  contract: [],
  tracker: ['web-vitals', '@iabtcf/core'],
  dashboard: ['preact', 'd3-sankey'],
}

/** Packages that are used behind one door only: the package, and whether a file may import it. */
const doors = [
  {
    packages: /^(@clickhouse\/.*|chdb)$/,
    isOpen: file => file.startsWith('collector/store/'),
    door: 'collector/store',
  },
  {
    packages: /^ipaddr\.js$/,
    isOpen: file => file === 'collector/http/client_address.ts',
    door: 'collector/http/client_address.ts',
  },
  {
    packages: /^mmdb-lib$/,
    isOpen: file => file.startsWith('collector/http/'),
    door: 'collector/http',
  },
]

const productFolders = ['contract', 'tracker', 'collector', 'dashboard']
const namedFolders = [...productFolders, 'migrations', 'rollups', 'reports', 'loadtest', 'tools']

/**
 * One line for each violation, sorted. `files` maps paths from the root (with `/`) to their text; `dependencies` are
 * the packages that the installed product has.
 */
export function findViolations(files, dependencies) {
  const product = [...files].filter(([file]) => isProductSource(file))
  const graph = new Map(
    product.map(([file, text]) => [file, findImports(text).map(found => resolveImport(file, found))]),
  )
  return [
    ...[...files.keys()].flatMap(file => nameViolations(file)),
    ...product.flatMap(([file, text]) =>
      hasDefaultExport(text) ? [`${file}: a default export; give it a name`] : [],
    ),
    ...[...graph].flatMap(([file, imports]) =>
      imports.flatMap(found => importViolations(file, found, dependencies)),
    ),
    ...findCycles(graph).map(cycle => `${cycle[0]}: imports itself: ${[...cycle, cycle[0]].join(' → ')}`),
  ].sort()
}

/** All files that have a name to check, with the text of those that have imports to check. */
export function readSources(root) {
  const files = new Map()
  for (const folder of namedFolders) {
    for (const file of listFiles(root, folder))
      files.set(file, isProductSource(file) ? readFileSync(join(root, file), 'utf8') : '')
  }
  return files
}

function listFiles(root, folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  return entries.flatMap(entry => {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return []
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? listFiles(root, path) : [path]
  })
}

/** Tests and their helpers may import from anywhere; they are not shipped. */
function isProductSource(file) {
  return /\.tsx?$/.test(file) && productFolders.includes(file.split('/')[0]) && !isTest(file)
}

function isTest(file) {
  return /\.test\.tsx?$/.test(file) || file.includes('/testing/')
}

/** Every module that a text names: import and export … from, import '…', import('…') (types too) and require('…'). */
export function findImports(text) {
  const code = withoutComments(text)
  const patterns = [
    /(?:^|[\n;}])\s*(?:import|export)\b[^'"`;]*?\bfrom\s*(['"])([^'"\n]+)\1/g,
    /(?:^|[\n;}])\s*import\s*(['"])([^'"\n]+)\1/g,
    /\bimport\s*\(\s*(['"])([^'"\n]+)\1/g,
    /\brequire\s*\(\s*(['"])([^'"\n]+)\1/g,
  ]
  return patterns.flatMap(pattern => [...code.matchAll(pattern)].map(match => match[2]))
}

/** Comments become spaces, and so do templates: SQL or HTML in them is no code. Quoted strings stay. */
export function withoutComments(text) {
  const token =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|`(?:\\[\s\S]|[^`\\])*`|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|(?<=(?:^|[(,=:[!&|?{};\n]|=>|return)[ \t]*)\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/g
  return text.replace(token, found => (/^['"]/.test(found) ? found : ' '))
}

function hasDefaultExport(text) {
  return /(?:^|\n)\s*export\s+(?:default\b|\{[^}]*\bas\s+default\b)/.test(withoutComments(text))
}

/** A relative name as a path from the root; a package's as `{ name }`. */
function resolveImport(file, name) {
  return name.startsWith('.') ? { path: posix.join(posix.dirname(file), name) } : { name: packageOf(name) }
}

/** `@clickhouse/client/x → @clickhouse/client`, `preact/hooks → preact`, `fs → node:fs` */
function packageOf(name) {
  if (isBuiltin(name)) return name.startsWith('node:') ? name : `node:${name}`
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
}

function importViolations(file, { path, name }, dependencies) {
  const problem = path === undefined ? packageProblem(file, name, dependencies) : pathProblem(file, path)
  return problem === undefined ? [] : [`${file}: ${problem}`]
}

function packageProblem(file, name, dependencies) {
  const room = file.split('/')[0]
  const bundled = bundledPackages[room]
  if (bundled !== undefined) {
    return bundled.includes(name) ? undefined : `imports ${name}; ${room} may import ${listed(bundled)}`
  }
  if (name.startsWith('node:')) return undefined
  const closed = doors.find(({ packages, isOpen }) => packages.test(name) && !isOpen(file))
  if (closed !== undefined) return `imports ${name}; only ${closed.door} may`
  return dependencies.includes(name) ? undefined : `imports ${name}, which is no dependency in package.json`
}

function listed(names) {
  return names.length === 0 ? 'no package' : `no package but ${names.join(', ')}`
}

function pathProblem(file, path) {
  const from = roomOf(file)
  const to = roomOf(path)
  if (isTest(path)) return `imports ${path}, which is for tests`
  if (!productFolders.includes(to.house)) return `imports ${path}, which is no part of the product`
  if (from.house === to.house)
    return from.house === 'collector' ? collectorProblem(file, path, from, to) : undefined
  return to.house === 'contract'
    ? undefined
    : `imports ${path}; ${from.house} may import from ${allowedHouses(from.house)}`
}

function allowedHouses(house) {
  return house === 'contract' ? 'nothing' : 'contract only'
}

function collectorProblem(file, path, from, to) {
  if (file === 'collector/main.ts') return undefined
  const own = collectorRooms.indexOf(from.room)
  const other = collectorRooms.indexOf(to.room)
  if (own === -1) return `is in no room of the collector: ${collectorRooms.join(', ')}`
  if (other === -1) return `imports ${path}, which is in no room of the collector`
  return other <= own ? undefined : `imports ${path}; ${from.room} comes before ${to.room}`
}

/** `collector/http/routes/events.ts → { house: 'collector', room: 'http' }` */
function roomOf(path) {
  const [house, room] = path.split('/')
  return { house, room }
}

/** Tarjan's strongly connected components; each with more than one file, or a file that imports itself, is a cycle. */
export function findCycles(graph) {
  const order = new Map()
  const lowest = new Map()
  const stack = []
  const cycles = []
  for (const file of graph.keys()) if (!order.has(file)) visit(file)
  return cycles

  function visit(file) {
    order.set(file, order.size)
    lowest.set(file, order.get(file))
    stack.push(file)
    const targets = targetsOf(graph, file)
    for (const target of targets) {
      if (!order.has(target)) {
        visit(target)
        lowest.set(file, Math.min(lowest.get(file), lowest.get(target)))
      } else if (stack.includes(target)) {
        lowest.set(file, Math.min(lowest.get(file), order.get(target)))
      }
    }
    if (lowest.get(file) !== order.get(file)) return
    const component = stack.splice(stack.indexOf(file))
    if (component.length > 1 || targets.includes(file)) cycles.push(pathAround(graph, new Set(component)))
  }
}

function targetsOf(graph, file) {
  return graph.get(file).flatMap(({ path }) => (path !== undefined && graph.has(path) ? [path] : []))
}

/** One shortest way round within a component, from its first file by name. */
function pathAround(graph, component) {
  const start = [...component].sort()[0]
  const ways = [[start]]
  const seen = new Set()
  for (const way of ways) {
    for (const target of targetsOf(graph, way.at(-1))) {
      if (target === start) return way
      if (!component.has(target) || seen.has(target)) continue
      seen.add(target)
      ways.push([...way, target])
    }
  }
  return [...component]
}

function nameViolations(file) {
  const name = posix.basename(file)
  if (file.startsWith('migrations/') && !/^\d{4}_[a-z0-9_]+\.sql$/.test(name)) {
    return [`${file}: name migrations 0001_topic.sql`]
  }
  if (/^(README\.md|\.gitkeep)$/.test(name)) return []
  return /^[a-z0-9]+(?:_[a-z0-9]+)*(?:\.[a-z0-9]+(?:_[a-z0-9]+)*)+$/.test(name)
    ? []
    : [`${file}: name files in snake_case`]
}
