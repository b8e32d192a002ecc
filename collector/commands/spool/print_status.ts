// lightfoot spool status: from the files alone, so it is the same with and without a running server.

import { readSettings } from '../../config/settings.ts'
import { spoolStatus, unreadableSegments } from '../../load/spool_status.ts'
import { dataOwner } from '../../serve/data_lock.ts'

export async function printStatus(): Promise<void> {
  const { dataDirectory } = readSettings(process.env)
  const running = await dataOwner(dataDirectory)
  const status = await spoolStatus(dataDirectory, Date.now())
  const { segments, bytes, oldestSeconds, quarantined } = status
  const unreadable = await unreadableSegments(dataDirectory)
  const lines: [string, string][] = [
    ['server', running ? `runs as process ${running.pid}` : 'does not run'],
    ['waiting', `${(bytes / 1024).toFixed(1)} KiB in ${segments} segments`],
    ['oldest', segments === 0 ? 'nothing waits' : `${oldestSeconds} s`],
    ['quarantine', `${quarantined} damaged segments`],
    ['unreadable', unreadableText(unreadable)],
    ['rejects', rejectsText(status)],
  ]
  for (const [name, value] of lines) console.log(`${name.padEnd(11)} ${value}`)
}

function unreadableText(unreadable: Awaited<ReturnType<typeof unreadableSegments>>): string {
  const text = `${unreadable.length} segments that the disk does not give`
  const codes = [...new Set(unreadable.map(({ code }) => code))]
  return codes.length === 0 ? text : `${text} (${codes.join(', ')}): they stay and are tried again`
}

function rejectsText({
  rejects,
  rejectedRows,
  rejectReason,
}: Awaited<ReturnType<typeof spoolStatus>>): string {
  const text = `${rejectedRows} rows that ClickHouse refused, in ${rejects} files`
  return rejectReason === '' ? text : `${text}; the newest for: ${rejectReason}`
}
