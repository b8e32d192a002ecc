// A planted fault, loaded into the product's processes: the spool's writes are said to be done 300 ms before they are. A kill
// in between loses what was acknowledged, and the torture must find that out.

import { open } from 'node:fs/promises'

const lateMs = 300

const handle = await open('/dev/null')
const files = Object.getPrototypeOf(handle)
await handle.close()

const { writev } = files
/** Of each file, so that late writes keep their order. */
const last = new WeakMap()

files.writev = async function (buffers) {
  const copies = buffers.map(buffer => Buffer.from(buffer))
  const before = last.get(this) ?? Promise.resolve()
  const late = new Promise(resolve => setTimeout(resolve, lateMs).unref())
  last.set(
    this,
    Promise.all([before, late])
      .then(() => writev.call(this, copies))
      .catch(() => {}),
  )
  return { buffers, bytesWritten: copies.reduce((sum, { length }) => sum + length, 0) }
}
