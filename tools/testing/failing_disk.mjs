// Loaded into every process of the product by NODE_OPTIONS=--import: while the file that LIGHTFOOT_TEST_FAULT names exists,
// what an acceptor writes below spool/ fails with EIO on its way from the page cache to the disk, as it does on a dying disk.
// The disk itself, the file descriptors and all other calls are real. What was written stays in the page cache, as on Linux.

import cluster from 'node:cluster'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const flag = process.env.LIGHTFOOT_TEST_FAULT ?? ''

if (cluster.isWorker && flag !== '') {
  const { writev } = fs
  fs.writev = (fd, buffers, callback) =>
    writev(fd, buffers, (error, bytes) => {
      if (error === null && fails(fd)) callback(inputOutput('writev'))
      else callback(error, bytes)
    })
  syncBuiltinESMExports()

  const handle = await fs.promises.open('/dev/null')
  const prototype = Object.getPrototypeOf(handle)
  await handle.close()
  const { datasync } = prototype
  prototype.datasync = function () {
    return fails(this.fd) ? Promise.reject(inputOutput('fdatasync')) : datasync.call(this)
  }
}

function fails(fd) {
  if (!fs.existsSync(flag)) return false
  const file = fs.readlinkSync(`/proc/self/fd/${fd}`)
  return file.includes('/spool/') && file.endsWith('.open')
}

function inputOutput(syscall) {
  return Object.assign(new Error(`EIO: i/o error, ${syscall}`), { errno: -5, code: 'EIO', syscall })
}
