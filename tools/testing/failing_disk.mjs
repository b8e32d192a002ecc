// Loaded into every process of the product by NODE_OPTIONS=--import: while the file that LIGHTFOOT_TEST_FAULT names exists,
// fdatasync of what an acceptor writes below spool/ fails with EIO, as that of a dying disk does. The disk itself, the file
// descriptors and all other calls are real. What was written stays in the page cache, as it does on Linux.

import cluster from 'node:cluster'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const flag = process.env.LIGHTFOOT_TEST_FAULT ?? ''

if (cluster.isWorker && flag !== '') {
  const { fdatasync } = fs
  fs.fdatasync = (fd, callback) =>
    fails(fd) ? process.nextTick(callback, inputOutput()) : fdatasync(fd, callback)
  syncBuiltinESMExports()

  const handle = await fs.promises.open('/dev/null')
  const prototype = Object.getPrototypeOf(handle)
  await handle.close()
  const { datasync } = prototype
  prototype.datasync = function () {
    return fails(this.fd) ? Promise.reject(inputOutput()) : datasync.call(this)
  }
}

function fails(fd) {
  if (!fs.existsSync(flag)) return false
  const file = fs.readlinkSync(`/proc/self/fd/${fd}`)
  return file.includes('/spool/') && file.endsWith('.open')
}

function inputOutput() {
  return Object.assign(new Error('EIO: i/o error, fdatasync'), {
    errno: -5,
    code: 'EIO',
    syscall: 'fdatasync',
  })
}
