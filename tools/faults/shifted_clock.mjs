// Loaded into the product's processes: their wall clock is ahead by as many milliseconds as the file SHIFTED_CLOCK says, which
// the test changes while they run. Timers and performance.now() go by the machine's steady clock, as they do in reality when
// somebody sets the wall clock.

import { readFileSync, statSync } from 'node:fs'

const file = process.env.SHIFTED_CLOCK
const RealDate = Date
const realNow = RealDate.now
let shiftMs = 0
let seen = ''
let lookedAt = 0

/** The file is looked at every 5 ms at most: Date.now() is called for every event. */
function shift() {
  const at = performance.now()
  if (at - lookedAt < 5) return shiftMs
  lookedAt = at
  // Exchanged by a rename, so another file each time.
  const { ino, mtimeMs } = statSync(file)
  if (`${ino} ${mtimeMs}` === seen) return shiftMs
  shiftMs = Number(readFileSync(file, 'utf8'))
  seen = `${ino} ${mtimeMs}`
  return shiftMs
}

if (file) {
  const now = () => realNow() + shift()
  // `new Date()` and `Date()` tell the shifted time; with arguments nothing changes.
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  })
}
