// What the disk itself takes: appends groups of BYTES to a file, GROUPS a second or as many as it can, for SECONDS, and
// times each fdatasync alone. Arguments: folder, bytes, groups a second, seconds. Prints its quantiles as JSON.

import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import path from 'node:path'
import { quantile } from './statistics.mjs'

const [, , folder, bytes, groups, seconds] = process.argv
const group = Buffer.alloc(Math.max(1, Math.round(Number(bytes))), 'x')
const everyMs = 1000 / Number(groups)
const file = openSync(path.join(folder, `disk-writer-${process.pid}`), 'ax')
const pause = new Int32Array(new SharedArrayBuffer(4))
const took = []
const startedAt = performance.now()
for (let due = startedAt; due < startedAt + Number(seconds) * 1000; due += everyMs) {
  const early = due - performance.now()
  if (early > 0) Atomics.wait(pause, 0, 0, early)
  writeSync(file, group)
  const from = performance.now()
  fdatasyncSync(file)
  took.push(performance.now() - from)
  // A disk that is too slow for the pace is not made to catch up.
  due = Math.max(due, performance.now() - everyMs)
}
closeSync(file)
console.log(JSON.stringify({ syncs: took.length, p50Ms: quantile(took, 0.5), p99Ms: quantile(took, 0.99) }))
