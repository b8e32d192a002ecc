// Keeps the embedded engine from losing rows on a full disk without a word. chDB leaves out the error of write(2) (in 26.7
// the line that throws it is commented out in its WriteBufferFromFileDescriptor.cpp): measured on a full tmpfs and a full
// ext4, `create table`, `alter table`, inserts and merges succeed and leave empty files. An empty definition keeps the
// database from ever being opened again; an insert whose files are cut is even counted, from the head of its part.
//
//   · where little is free nothing is written at all; ClickHouse's own reservation, 1 MiB, does not see what is not a part,
//     and an insert needs room for its rows twice: they lie in a file beside the database while the part is made of them
//   · chDB counts the writes that failed; when the count has grown, no statement is answered any more, and the process has
//     to be started anew: at its start the engine puts aside each part whose files are not whole, takes the parts back from
//     which it was merged (kept for 8 minutes), and the loader finds that its last load is not there

import { diskRoom } from '../spool/disk_room.ts'
import { type Store, StoreError } from './store.ts'

/** Under this only what frees room is done. Above, other programs would have to fill it within one statement. */
const freeBytesMin = 16 * 1024 ** 2
/** An insert's rows lie in a file without a name, and in the part, where what cannot be compressed takes as much again. */
const rowCopies = 2
/** The question costs 3 ms, so with more room than this it is asked behind inserts only, and from time to time. */
const freeBytesLow = 1024 ** 3
const askMs = { low: 1000, otherwise: 30_000 } as const

const failedWrites = `select sum(value) as failed from system.events
                      where event = 'WriteBufferFromFileDescriptorWriteFailed'`

export async function watchWrites(
  store: Store,
  directory: string,
  { bytesMin = freeBytesMin }: { bytesMin?: number } = {},
): Promise<Store> {
  const free = async () => (await diskRoom(directory)).freeBytes
  const failed = async () => Number((await store.query<{ failed: string }>(failedWrites))[0]?.failed ?? 0)
  // On a full disk opening fails to write too, a file that only people read.
  const before = await failed()
  let isDamaged = false
  let askedAt = performance.now()

  async function ask(): Promise<void> {
    askedAt = performance.now()
    isDamaged ||= (await failed()) > before
  }

  function refuseDamaged(): void {
    if (isDamaged)
      throw new StoreError('unavailable', 'the embedded database could not write all of its files', 0)
  }

  async function write(
    work: () => Promise<void>,
    when: { isFreeing: boolean; isAsked: boolean; bytes?: number },
  ): Promise<void> {
    refuseDamaged()
    const room = await free()
    if (room < bytesMin + (when.bytes ?? 0) && !when.isFreeing)
      throw new StoreError('unavailable', 'the disk of the database has no room', 0)
    await work()
    if (when.isAsked || Math.min(room, await free()) < freeBytesLow) await ask()
    refuseDamaged()
  }

  async function look<T>(work: () => Promise<T>): Promise<T> {
    refuseDamaged()
    return await work()
  }

  return {
    ...store,
    query: (sql, parameters) => look(() => store.query(sql, parameters)),
    read: (sql, parameters, format) => look(() => store.read(sql, parameters, format)),
    command: (sql, parameters) =>
      write(() => store.command(sql, parameters), { isFreeing: isFreeing(sql), isAsked: false }),
    work: (sql, parameters) =>
      write(() => store.work(sql, parameters), { isFreeing: isFreeing(sql), isAsked: false }),
    insert: (table, columns, rows, token) =>
      write(() => store.insert(table, columns, rows, token), {
        isFreeing: false,
        isAsked: true,
        bytes: rowCopies * rows.length,
      }),
    async isSound() {
      const sinceMs = performance.now() - askedAt
      if (sinceMs >= askMs.otherwise || (sinceMs >= askMs.low && (await free()) < freeBytesLow)) await ask()
      return !isDamaged
    },
  }
}

/** `alter table rollup_pages drop partition …` frees room, `alter table events add column …` takes some. */
function isFreeing(sql: string): boolean {
  return /^\s*(?:drop|truncate|set|system)\b|\bdrop\s+(?:partition|part)\b|\bdelete\b/i.test(sql)
}
