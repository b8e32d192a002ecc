import { expect, it } from 'vitest'
import { createBlocks, startGroup } from './group.ts'
import type { NewRecord } from './record.ts'
import { decodeRecords, recordBytes, recordHeaderBytes } from './record_codec.ts'
import { SpoolError } from './spool_error.ts'

const record = (number: number, rows: string | Buffer): NewRecord => ({
  rowVersion: 1,
  batchHash: BigInt(number),
  subjectTag: 0n,
  shard: 0,
  rowCount: 1,
  rows,
})

function fill(group: ReturnType<typeof startGroup>, records: readonly NewRecord[]): void {
  for (const one of records) group.add(one, recordBytes(one))
}

const read = (group: ReturnType<typeof startGroup>) =>
  decodeRecords(Buffer.concat(group.buffers()), 0).records.map(({ record: { rows } }) => rows.toString())

it('holds its records in order, over as many blocks as they need', () => {
  const group = startGroup(createBlocks())
  const rows = Array.from({ length: 1000 }, (_, number) => `${number}\t${'é'.repeat(number % 300)}\n`)
  fill(
    group,
    rows.map((text, number) => record(number, text)),
  )
  expect(read(group)).toEqual(rows)
  expect(group.records).toBe(1000)
  expect(group.bytes).toBe(Buffer.concat(group.buffers()).length)
  expect(group.buffers().length).toBeGreaterThan(1)
})

it.each([
  ['a block to the last byte', 64 * 1024 - recordHeaderBytes, 1],
  ['one byte more than a block', 64 * 1024 - recordHeaderBytes + 1, 2],
  ['many blocks', 1024 * 1024, 2],
])('takes a record of %s', (_name, length, blocks) => {
  const group = startGroup(createBlocks())
  const rows = [Buffer.alloc(length, 'a').toString(), 'b\n']
  fill(group, [record(1, rows[0] ?? ''), record(2, Buffer.from(rows[1] ?? ''))])
  expect(read(group)).toEqual(rows)
  expect(group.buffers().length).toBeGreaterThanOrEqual(blocks)
})

it('uses blocks again only once their group has ended, whatever became of it', async () => {
  const blocks = createBlocks()
  const first = startGroup(blocks)
  fill(first, [record(1, 'first\n')])
  const second = startGroup(blocks)
  fill(second, [record(2, 'second\n')])
  expect(read(first)).toEqual(['first\n'])
  const [block] = first.buffers()
  first.end(new SpoolError('write_failed', 'no'))
  await expect(first.durable).rejects.toMatchObject({ code: 'write_failed' })
  const third = startGroup(blocks)
  fill(third, [record(3, 'third, which is longer\n')])
  expect(third.buffers()[0]?.buffer).toBe(block?.buffer)
  expect(read(second)).toEqual(['second\n'])
  expect(read(third)).toEqual(['third, which is longer\n'])
  second.end()
  await second.durable
})
