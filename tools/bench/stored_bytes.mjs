#!/usr/bin/env node
// What an event takes on the disk, by column, with the demo's mix: `node tools/bench/stored_bytes.mjs --visits 20000`. The
// visits are made by `lightfoot demo` against the built product; then its parts are merged and measured.

import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { startNode, stopEverything } from './processes.mjs'
import { startLightfoot } from './product.mjs'

/**
 * @returns {Promise<{events: number, bytes: number, rollupBytes: number, columns: {name: string, bytes: number}[]}>}
 *   bytes of all events with index and marks, of all rollups, and of each column of events, largest first
 */
export async function storedBytes({ visits }) {
  const lightfoot = await startLightfoot()
  await runNode('dist/collector/main.js', [
    ...['demo', '--visits', String(visits), '--seed', '7'],
    ...['--url', `http://127.0.0.1:${lightfoot.port}`],
  ])
  await lightfoot.untilFolded()
  let found
  // The database belongs to one process: measured when the product has ended, before its folder goes.
  await lightfoot.stop(async dataDirectory => {
    found = JSON.parse(await runNode('tools/bench/stored_bytes_child.mjs', [dataDirectory]))
  })
  return found
}

async function runNode(file, parameters) {
  const child = startNode(file, parameters)
  let output = ''
  child.stdout.on('data', chunk => {
    output += chunk
  })
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(`${file} ended with ${status}`)
  return output
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { visits: { type: 'string', default: '20000' } } })
  try {
    const { columns, ...sums } = await storedBytes({ visits: Number(values.visits) })
    console.table(columns.map(({ name, bytes }) => ({ name, 'bytes an event': bytes / sums.events })))
    console.log({ ...sums, 'bytes an event': sums.bytes / sums.events })
  } finally {
    await stopEverything()
  }
}
