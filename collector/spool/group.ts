// Records that wait for the disk, as one group: each is written behind the one before into blocks that are used again and
// again, so an append allocates nothing of its own, and all who wait for a group wait for one promise.

import type { NewRecord } from './record.ts'
import { writeRecord } from './record_codec.ts'
import type { SpoolError } from './spool_error.ts'

export type Group = {
  readonly durable: Promise<void>
  readonly records: number
  readonly bytes: number
  /** The bytes of all its records, in order. */
  buffers(): readonly Buffer[]
  /** `bytes` as record_codec.ts counts them. */
  add(record: NewRecord, bytes: number): void
  /** Its fate: durable, or not. Its blocks are free then. */
  end(error?: SpoolError): void
}

export type Blocks = { take(bytesMin: number): Buffer; giveBack(block: Buffer): void }

const blockBytes = 64 * 1024
/** Kept for the next groups, 2 MiB: what a busy process has on its way to the disk. */
const spareMax = 32

export function createBlocks(): Blocks {
  const spare: Buffer[] = []
  return {
    // A record that is larger than a block has one of its own, which is not kept.
    take: bytesMin =>
      (bytesMin <= blockBytes ? spare.pop() : undefined) ??
      Buffer.allocUnsafeSlow(Math.max(blockBytes, bytesMin)),
    giveBack(block) {
      if (block.length === blockBytes && spare.length < spareMax) spare.push(block)
    },
  }
}

type Part = { readonly block: Buffer; used: number }

export function startGroup(blocks: Blocks): Group {
  const parts: Part[] = []
  let last: Part | undefined
  let records = 0
  let bytes = 0
  let resolve = () => {}
  let reject = (_error: SpoolError) => {}
  const durable = new Promise<void>((done, failed) => {
    resolve = done
    reject = failed
  })

  function partFor(more: number): Part {
    if (last === undefined || last.used + more > last.block.length) {
      last = { block: blocks.take(more), used: 0 }
      parts.push(last)
    }
    return last
  }

  return {
    durable,
    get records() {
      return records
    },
    get bytes() {
      return bytes
    },
    buffers: () => parts.map(({ block, used }) => block.subarray(0, used)),
    add(record, more) {
      const part = partFor(more)
      writeRecord(record, more, part.block, part.used)
      part.used += more
      records++
      bytes += more
    },
    end(error) {
      for (const { block } of parts) blocks.giveBack(block)
      if (error === undefined) resolve()
      else reject(error)
    },
  }
}
