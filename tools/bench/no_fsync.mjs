// Preloaded into the product (NODE_OPTIONS=--import) to measure it against itself without fsync: fdatasync does nothing in
// that process. Each way to call it is replaced; how often it was called is written to BENCH_NO_FSYNC/PID.fsyncs, so that
// a measure that intercepted nothing can say so instead of comparing the product with itself.

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
// `import { fdatasync } from 'node:fs'` sees it too.
syncBuiltinESMExports()

const file = path.join(process.env.BENCH_NO_FSYNC, `${process.pid}.fsyncs`)
const tell = () => {
  // The folder may be gone when the last process ends.
  if (calls > 0 && fs.existsSync(path.dirname(file))) fs.writeFileSync(file, String(calls))
}
setInterval(tell, 200).unref()
process.on('exit', tell)
