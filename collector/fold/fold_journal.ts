// What must survive a crash of the fold: which days are dirty, and the day whose rollups are just being replaced. One small
// file, replaced as a whole.

import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode, writeFileDurably } from '../spool/files.ts'

type State = {
  /** Day (`2026-11-23`) to a growing number: the smallest has waited longest. */
  readonly dirty: Readonly<Record<string, number>>
  /** The staging tables are complete and the replacing of this day's partitions has begun. */
  readonly folding: string | null
  /** Of rollups/*.sql when the days were last marked: other files mean that every day is to be folded again. */
  readonly rollups: string
}

export type FoldJournal = {
  /** Longest waiting first. */
  dirtyDays(): string[]
  folding(): string | null
  rollups(): string
  mark(days: readonly string[]): Promise<void>
  /** From here on, a mark of the day means that it is dirty again. */
  begin(day: string): void
  /** The fold that began is done, unless the day was marked meanwhile: then it goes to the end of the queue. */
  unmark(day: string): Promise<void>
  setFolding(day: string | null): Promise<void>
  setRollups(fingerprint: string): Promise<void>
}

export function openFoldJournal(directory: string): FoldJournal {
  const path = join(directory, 'state.json')
  const marked = new Set<string>()
  let state = read(path) ?? { dirty: {}, folding: null, rollups: '' }

  async function save(change: Partial<State>): Promise<void> {
    state = { ...state, ...change }
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    await writeFileDurably(path, `${JSON.stringify(state)}\n`)
  }

  async function mark(days: readonly string[]): Promise<void> {
    for (const day of days) marked.add(day)
    const fresh = days.filter(day => state.dirty[day] === undefined)
    if (fresh.length === 0) return
    const last = Math.max(0, ...Object.values(state.dirty))
    const numbered = fresh.map((day, index) => [day, last + 1 + index] as const)
    await save({ dirty: { ...state.dirty, ...Object.fromEntries(numbered) } })
  }

  return {
    dirtyDays: () =>
      Object.entries(state.dirty)
        .sort(([, a], [, b]) => a - b)
        .map(([day]) => day),
    folding: () => state.folding,
    rollups: () => state.rollups,
    mark,
    begin: day => {
      marked.delete(day)
    },
    async unmark(day) {
      const { [day]: _number, ...others } = state.dirty
      if (!marked.has(day)) return save({ dirty: others })
      state = { ...state, dirty: others }
      await mark([day])
    },
    setFolding: folding => save({ folding }),
    setRollups: rollups => save({ rollups }),
  }
}

function read(path: string): State | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as State
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
