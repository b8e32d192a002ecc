// `npm run check`: types, lint and format, and the order of the rooms; all at once, in well under 30 s. Prints what is
// wrong and nothing else but one line for each step.

import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findViolations, readSources } from './import_order.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')

const steps = [
  typesStep('types', 'tsconfig.json'),
  // Tests of what runs in a browser: they use both the page's types and Node's.
  typesStep('types of browser tests', 'tsconfig.tests.json'),
  // Its sources are JavaScript, as k6 runs them: their types are what is written beside them, or what can be told.
  typesStep('types of loadtest', 'loadtest/tsconfig.json'),
  ...['tracker', 'dashboard']
    .filter(hasSources)
    .map(folder => typesStep(`types of ${folder}`, `${folder}/tsconfig.json`)),
  // --error-on-warnings, because a warning that may stay is one that nobody reads.
  runStep('lint and format', [
    join(modules, '@biomejs', 'biome', 'bin', 'biome'),
    'check',
    '--error-on-warnings',
    '--diagnostic-level=warn',
    '--colors=off',
  ]),
  { name: 'order of rooms', run: async () => checkOrder() },
]

const results = await Promise.all(steps.map(timed))
for (const { name, problems, seconds } of results) {
  if (problems !== '') console.error(problems)
  console.log(`${problems === '' ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`)
}
if (results.some(({ problems }) => problems !== '')) process.exitCode = 1

async function timed({ name, run }) {
  const startedAt = performance.now()
  const problems = await run()
  return { name, problems, seconds: ((performance.now() - startedAt) / 1000).toFixed(1) }
}

function typesStep(name, project) {
  return runStep(name, [join(modules, 'typescript', 'bin', 'tsc'), '-p', project])
}

/** A program of node_modules; what it prints is a problem only when it fails. */
function runStep(name, args) {
  const run = () =>
    new Promise(resolve => {
      const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
      const output = []
      child.stdout.on('data', chunk => output.push(chunk))
      child.stderr.on('data', chunk => output.push(chunk))
      child.on('error', error => resolve(String(error)))
      child.on('close', status => {
        const said = Buffer.concat(output).toString().trim()
        resolve(status === 0 ? '' : said || `${name}: ended with status ${status}`)
      })
    })
  return { name, run }
}

function checkOrder() {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return findViolations(readSources(root), Object.keys(dependencies)).join('\n')
}

/** tsc calls a project without files an error. */
function hasSources(folder) {
  const path = join(root, folder)
  return (
    existsSync(path) && readdirSync(path).some(file => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  )
}
