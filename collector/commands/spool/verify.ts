// lightfoot spool verify: reads every segment, manifest and file of refused rows, and changes nothing. Exit status 1 when
// something is damaged.

import { readSettings } from '../../config/settings.ts'
import { spoolBytes, type VerifiedFile, verifySpool } from '../../load/verify_spool.ts'
import { dataOwner } from '../../serve/data_lock.ts'
import { CommandError } from '../command_error.ts'
import { createProgress } from '../progress.ts'

const mebibyte = 1024 ** 2
/** Less is read before anybody wonders. */
const progressFromBytes = 64 * mebibyte

export async function verify(): Promise<void> {
  const { dataDirectory } = readSettings(process.env)
  const isRunning = (await dataOwner(dataDirectory)) !== undefined
  const total = await spoolBytes(dataDirectory)
  const progress = createProgress(process.stderr, {
    label: 'MiB',
    total: Math.ceil(total / mebibyte),
    now: () => performance.now(),
  })
  let read = 0
  const onBytes = (bytes: number) => {
    read = Math.min(total, read + bytes)
    if (total >= progressFromBytes) progress.update(Math.floor(read / mebibyte))
  }
  const files: VerifiedFile[] = []
  for await (const file of verifySpool(dataDirectory, onBytes)) {
    if (total >= progressFromBytes) progress.end()
    console.log(lineOf(file, isRunning))
    files.push(file)
  }
  conclude(files)
}

function lineOf({ file, state, bytes, items, note }: VerifiedFile, isRunning: boolean): string {
  const isLive = state === 'torn' && isRunning
  const size = `${(bytes / 1024).toFixed(1)} KiB`.padStart(14)
  const what = isLive ? 'is being written' : note
  return `${state.padEnd(8)} ${file.padEnd(40)} ${size} ${String(items).padStart(8)}  ${what}`.trimEnd()
}

function conclude(files: readonly VerifiedFile[]): void {
  const count = (state: VerifiedFile['state']) => files.filter(file => file.state === state).length
  const damaged = count('damaged')
  const others = (['torn', 'newer', 'aside'] as const).map(state => `, ${count(state)} ${state}`).join('')
  console.log(`${files.length} files: ${count('whole')} whole${others}, ${damaged} damaged`)
  if (damaged > 0)
    throw new CommandError(
      `${damaged} files are damaged: what can be read of them is loaded all the same, the rest is in quarantine after that`,
    )
}
