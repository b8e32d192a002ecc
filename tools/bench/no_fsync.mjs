// Preloaded into the product (NODE_OPTIONS=--import) to measure it against itself without fsync: in that process fdatasync
// does nothing, and files are opened without the flag that makes each write end on the disk. Each fdatasync, and each write
// that came back before the disk had it, counts: the number is written to BENCH_NO_FSYNC/PID.fsyncs, so that a measure that
// intercepted nothing can say so instead of comparing the product with itself.

import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import path from 'node:path'

let calls = 0

fs.fdatasync = (_descriptor, callback) => {
  calls++
  process.nextTick(callback, null)
}
fs.fdatasyncSync = () => {
  calls++
}
const handle = await fs.promises.open(process.execPath)
Object.getPrototypeOf(handle).datasync = async () => {
  calls++
}
await handle.close()

// O_SYNC is O_DSYNC and one bit more.
const { O_SYNC } = fs.constants
/** Descriptors whose flag was left out. */
const unsynced = new Set()
const { open, openSync } = fs
fs.open = (file, flags, ...rest) => {
  const callback = rest.pop()
  open(file, withoutFlag(flags), ...rest, (error, descriptor) => {
    if (error === null) note(flags, descriptor)
    callback(error, descriptor)
  })
}
fs.openSync = (file, flags, mode) => note(flags, openSync(file, withoutFlag(flags), mode))
for (const name of ['write', 'writev', 'writeSync', 'writevSync']) {
  const write = fs[name]
  fs[name] = (descriptor, ...rest) => {
    if (unsynced.has(descriptor)) calls++
    return write(descriptor, ...rest)
  }
}
for (const name of ['close', 'closeSync']) {
  const close = fs[name]
  fs[name] = (descriptor, ...rest) => {
    unsynced.delete(descriptor)
    return close(descriptor, ...rest)
  }
}

function withoutFlag(flags) {
  return typeof flags === 'number' ? flags & ~O_SYNC : flags
}

function note(flags, descriptor) {
  if (withoutFlag(flags) !== flags) unsynced.add(descriptor)
  return descriptor
}

// `import { fdatasync } from 'node:fs'` sees it too.
syncBuiltinESMExports()

const file = path.join(process.env.BENCH_NO_FSYNC, `${process.pid}.fsyncs`)
const tell = () => {
  // The folder may be gone when the last process ends.
  if (calls > 0 && fs.existsSync(path.dirname(file))) fs.writeFileSync(file, String(calls))
}
setInterval(tell, 200).unref()
process.on('exit', tell)
