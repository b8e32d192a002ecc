// The summary of a run as text, for the terminal and for a file.

import { cpuShare } from './cpu_share.mjs'

export function reportText(run) {
  const { summary, reported, knee } = run
  const { med, 'p(95)': p95, 'p(99)': p99, max } = summary.durationMs
  const ms = value => (value ?? 0).toFixed(1)
  return [
    `${run.script} of ${run.startedAt}, ${Math.round(run.elapsedSeconds)} s, against ${run.host}`,
    `requests ${summary.requests}, median ${ms(med)} ms, p95 ${ms(p95)} ms, p99 ${ms(p99)} ms, longest ${ms(max)} ms`,
    ...(summary.refused > 0 ? [`bad requests, refused as they should be: ${summary.refused}`] : []),
    ...(summary.unsent > 0 ? [`not sent, because all virtual users waited: ${summary.unsent}`] : []),
    `events acknowledged ${summary.acknowledged}, dropped ${summary.dropped}, reported ${reported}`,
    ...(knee ? ['', ...stepTable(knee.steps), ''] : []),
    ...cpuLine(run),
    ...run.checks.map(({ ok, text }) => `${ok ? 'ok    ' : 'FAILED'} ${text}`),
    '',
  ].join('\n')
}

function stepTable(steps) {
  const rows = steps.map(step => [
    String(step.asked),
    step.achieved.toFixed(0),
    step.p50Ms.toFixed(1),
    step.p99Ms.toFixed(1),
    step.holds ? 'holds' : step.why,
  ])
  const heads = ['asked/s', 'good/s', 'p50 ms', 'p99 ms']
  const line = cells => cells.map((cell, index) => (index < 4 ? cell.padStart(9) : `  ${cell}`)).join('')
  return [line(heads), ...rows.map(line)]
}

/** On a small machine k6 is what takes it all, and the figures are of k6 and not of the collector. */
function cpuLine(run) {
  const { k6, collector } = cpuShare(run.samples)
  if (k6 === undefined) return []
  return [`processor: k6 ${k6.toFixed(2)}, collector ${collector.toFixed(2)}, of ${run.cores} cores`]
}
