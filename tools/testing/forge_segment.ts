// A sealed segment as an acceptor would have left it, of records that a test made: with rows that no pipeline makes, for one.

import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readBootId } from '../../collector/spool/boot_id.ts'
import type { SpoolRecord } from '../../collector/spool/record.ts'
import { encodeRecord } from '../../collector/spool/record_codec.ts'
import { encodeSegmentHeader, segmentName } from '../../collector/spool/segment.ts'

/** No process has it: beyond Linux's largest. */
const nobody = 4_194_999
let last = 0

/** Appears at once, so that a loader may run beside it. Gives its file name. */
export function forgeSegment(directory: string, records: readonly SpoolRecord[], slot = 9): string {
  const createdMs = Math.max(Date.now(), last + 1)
  last = createdMs
  mkdirSync(directory, { recursive: true })
  const header = encodeSegmentHeader({ slot, pid: nobody, processStart: 1, bootId: readBootId(), createdMs })
  const file = `${segmentName(createdMs, slot, nobody)}.seg`
  const draft = join(directory, `${file}.draft`)
  writeFileSync(draft, Buffer.concat([header, ...records.map(encodeRecord)]))
  renameSync(draft, join(directory, file))
  return file
}
