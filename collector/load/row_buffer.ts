// The rows of the load that is being gathered, one after another in one piece of memory that is used again for the next
// load: a record's rows are copied once, and the 4 MiB that they were read in are free again at once.

const lineFeed = 10
const bytesAtFirst = 1024 * 1024

export type RowBuffer = {
  append(rows: Buffer): void
  length(): number
  /** All rows so far, each with its line feed; valid until the next append or clear. */
  bytes(): Buffer
  clear(): void
}

export function createRowBuffer(): RowBuffer {
  let memory = Buffer.allocUnsafe(0)
  let used = 0

  function makeRoom(length: number): void {
    if (used + length <= memory.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(bytesAtFirst, 2 * memory.length, used + length))
    memory.copy(larger, 0, 0, used)
    memory = larger
  }

  return {
    append(rows) {
      if (rows.length === 0) return
      makeRoom(rows.length + 1)
      rows.copy(memory, used)
      used += rows.length
      if (memory[used - 1] !== lineFeed) memory[used++] = lineFeed
    },
    length: () => used,
    bytes: () => memory.subarray(0, used),
    clear() {
      used = 0
    },
  }
}
