// A planted fault, loaded into the product's processes: the spool's writes are said to be done 300 ms before they are. A kill
// in between loses what was acknowledged, and the torture must find that out.

import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const lateMs = 300

const { close, writev } = fs
/** The last write of each descriptor, so that late ones keep their order, and none comes after its close. */
const last = new Map()

fs.writev = (descriptor, buffers, callback) => {
  const copies = buffers.map(buffer => Buffer.from(buffer))
  const late = new Promise(resolve => setTimeout(resolve, lateMs).unref())
  const written = Promise.all([last.get(descriptor), late]).then(
    () => new Promise(resolve => writev(descriptor, copies, resolve)),
  )
  last.set(descriptor, written)
  const bytes = copies.reduce((sum, { length }) => sum + length, 0)
  process.nextTick(callback, null, bytes, buffers)
}

fs.close = (descriptor, callback) => {
  const written = last.get(descriptor)
  last.delete(descriptor)
  Promise.resolve(written).then(() => close(descriptor, callback))
}

syncBuiltinESMExports()
