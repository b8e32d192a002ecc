// A writer that a test kills: appends numbered records as fast as it can and prints the number of each acknowledged one.
// Arguments: directory, first number.

import { writeSync } from 'node:fs'
import { spoolRecord } from '../../../tools/testing/spool_records.ts'
import { readBootId } from '../boot_id.ts'
import { openSpoolWriter } from '../writer.ts'

const [directory = '', first = '1'] = process.argv.slice(2)
let next = Number(first)
const writer = await openSpoolWriter({
  directory,
  slot: 0,
  pid: process.pid,
  bootId: readBootId(),
  now: Date.now,
  // Small, so that kills fall into rolling too.
  rollBytes: 256 * 1024,
})

async function appendForEver(): Promise<void> {
  for (;;) {
    const number = next++
    await writer.append(spoolRecord(number))
    // Synchronous: what is printed is out before the next append, whatever kills this process.
    writeSync(1, `${number}\n`)
  }
}

await Promise.all(Array.from({ length: 16 }, appendForEver))
