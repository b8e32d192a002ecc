import { expect, test } from 'vitest'
import { type Store, StoreError } from '../store/store.ts'
import { createAwayNotes } from './away_notes.ts'

test('one line when the server goes, one when the reason changes, one when it is back', async () => {
  const lines: string[] = []
  let now = 0
  let problem: StoreError | undefined
  const notes = createAwayNotes(
    { warn: (line: string) => lines.push(line) } as never,
    'http://db/',
    () => now,
  )
  const answer = async () => {
    if (problem) throw problem
  }
  const store = notes.watch({ kind: 'server', command: answer, query: answer } as unknown as Store)
  const refused = Object.assign(new Error('secret'), { code: 'ECONNREFUSED' })

  await store.command('select 1')
  expect(lines).toEqual([])
  problem = new StoreError('unavailable', 'secret', 0, refused)
  for (let n = 0; n < 3; n++) await expect(store.command('x')).rejects.toThrow()
  problem = new StoreError('unavailable', 'secret', 516)
  await expect(store.command('x')).rejects.toThrow()
  await expect(store.query('x')).rejects.toThrow()
  problem = undefined
  now = 8000
  await store.query('x')
  expect(lines.length).toBe(2)
  await store.command('x')
  expect(lines).toEqual([
    'the database http://db/ is away (ECONNREFUSED): events wait in the spool, and it is tried again',
    expect.stringMatching(/is away \(ClickHouse error 516: check user and password/),
    'the database http://db/ is back after 8 s',
  ])
  problem = new StoreError('refused', 'secret', 62)
  await expect(store.query('x')).rejects.toThrow()
  expect(lines.length).toBe(3)
})
