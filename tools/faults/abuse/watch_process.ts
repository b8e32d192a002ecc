// What a process takes: resident memory and processor time, as Linux tells them.

import { readFileSync } from 'node:fs'

export type Watch = {
  /** Now, in MB. */
  residentMb(): number
  /** Since the watch began. */
  peakMb(): number
  cpuMs(): number
  stop(): void
}

const everyMs = 50
/** Linux counts in hundredths of a second. */
const tickMs = 10

export function watchProcess(pid: number): Watch {
  const residentMb = () => Number(/^VmRSS:\s+(\d+)/m.exec(read(pid, 'status'))?.[1]) / 1024
  const ticks = () => {
    // Behind the name, which may hold spaces: utime is the 12th field, stime the 13th.
    const fields = read(pid, 'stat').split(') ')[1]?.split(' ') ?? []
    return Number(fields[11]) + Number(fields[12])
  }
  const ticksBefore = ticks()
  let peak = residentMb()
  const timer = setInterval(() => {
    peak = Math.max(peak, residentMb())
  }, everyMs)
  return {
    residentMb,
    peakMb: () => Math.max(peak, residentMb()),
    cpuMs: () => (ticks() - ticksBefore) * tickMs,
    stop: () => clearInterval(timer),
  }
}

function read(pid: number, file: string): string {
  return readFileSync(`/proc/${pid}/${file}`, 'utf8')
}
