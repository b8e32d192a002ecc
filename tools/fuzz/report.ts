// A run as text: what was sent, what was answered, what it cost.

import type { Fuzzed } from './fuzz.ts'

export function report(fuzzed: Fuzzed): string {
  const { requests, seconds, latenciesMs, accepted, dropped, stored, residentMb, processorUs, problems } =
    fuzzed
  const at = (share: number) => (latenciesMs[Math.floor(latenciesMs.length * share)] ?? 0).toFixed(1)
  const memory = (which: 0 | 1) => residentMb.map(each => each[which]).join(' ')
  return [
    `requests   ${requests} in ${seconds.toFixed(0)} s, ${(requests / seconds).toFixed(0)} a second`,
    `kinds      ${counts(fuzzed.kinds)}`,
    `answers    ${counts(fuzzed.statuses)}`,
    `latency    p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`,
    `events     ${accepted} accepted, ${dropped} dropped, ${stored} stored`,
    `acceptor   ${memory(0)} MB, ${processorUs[0]} µs of processor a request`,
    `engine     ${memory(1)} MB, ${processorUs[1]} µs`,
    problems.length === 0 ? 'nothing is wrong' : `${problems.length} problems:\n${problems.join('\n')}`,
  ].join('\n')
}

function counts(of: ReadonlyMap<string, number>): string {
  return [...of]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${count} × ${name}`)
    .join(', ')
}
