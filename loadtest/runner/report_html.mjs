// The summary of a run as one page that holds everything it needs: it can be kept, sent and opened anywhere.

import { chart, escapeText } from './chart.mjs'
import { reportText } from './report_text.mjs'

const style = `
:root { color-scheme: light dark; --ink: #1c2330; --soft: #5b6577; --line: #dde1e8; --paper: #fff; --good: #0a7a43; --bad: #b3261e;
  --s0: #1f6feb; --s1: #d1570a; --s2: #0a7a43; --s3: #9333b8; --s4: #8a6d00; --s5: #b3261e }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --soft: #9aa4b5; --line: #333b49; --paper: #14181f; --good: #4cc38a; --bad: #ff8a80;
  --s0: #6cb0ff; --s1: #ff9b5c; --s2: #4cc38a; --s3: #cf8df2; --s4: #e0bd4a; --s5: #ff8a80 } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 76rem; margin: 0 auto; padding: 1.5rem }
h1 { font-size: 1.4rem; margin: 0 }
p { color: var(--soft); margin: .2rem 0 1rem }
.checks { list-style: none; padding: 0 }
.checks b { display: inline-block; width: 4.5rem }
.checks .ok b { color: var(--good) }
.checks .failed b { color: var(--bad) }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 32rem), 1fr)); gap: 1.5rem }
figure { margin: 0 }
figcaption { font-weight: 600 }
.unit { font-weight: 400; color: var(--soft) }
svg { display: block; width: 100%; height: auto }
.grid { stroke: var(--line) }
.tick { fill: var(--soft); font-size: 12px }
.line { fill: none; stroke-width: 1.6; stroke-linejoin: round }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: .2rem 0 0; padding: 0 }
.key { display: inline-block; width: .9rem; height: .2rem; margin: 0 .4rem .25rem 0 }
${[0, 1, 2, 3, 4, 5].map(n => `.line.s${n} { stroke: var(--s${n}) } .key.s${n} { background: var(--s${n}) }`).join('\n')}
pre { overflow-x: auto; border: 1px solid var(--line); border-radius: .4rem; padding: .8rem }
`

export function reportHtml(run) {
  const { figures, samples } = run
  const bySecond = figures.bySecond()
  const start = Math.floor((figures.firstAt() ?? 0) / 1000)
  const seconds = Math.max(1, (bySecond.at(-1)?.at ?? start) - start, (samples.at(-1)?.at ?? start) - start)
  // What was sampled before the first request is of the minutes before.
  const inRun = ({ at }) => at >= start
  const line = (name, list, value) => ({
    name,
    points: list.filter(inRun).flatMap(item => {
      const y = value(item)
      return y === undefined ? [] : [[item.at - start, y]]
    }),
  })
  const processes = [...new Set(samples.flatMap(({ memoryBytes }) => Object.keys(memoryBytes)))].sort()
  const charts = [
    ['Requests', 'a second', [line('answered', bySecond, ({ requests }) => requests)]],
    [
      'Time to the answer',
      'ms',
      [line('p99', bySecond, ({ p99Ms }) => p99Ms), line('p50', bySecond, ({ p50Ms }) => p50Ms)],
    ],
    ['Events', 'acknowledged a second', [line('events', bySecond, ({ events }) => events)]],
    [
      'Errors',
      'answers that were not expected, a second',
      [line('errors', bySecond, ({ failed }) => failed)],
    ],
    ['Lag', 'seconds from acknowledged to stored', [line('lag', samples, ({ lagSeconds }) => lagSeconds)]],
    [
      'Memory',
      'MiB resident',
      processes.map(process =>
        line(process, samples, ({ memoryBytes }) =>
          memoryBytes[process] === undefined ? undefined : memoryBytes[process] / 1024 ** 2,
        ),
      ),
    ],
  ]
  const checks = run.checks.map(
    ({ ok, text }) =>
      `<li class="${ok ? 'ok' : 'failed'}"><b>${ok ? 'ok' : 'FAILED'}</b> ${escapeText(text)}</li>`,
  )
  const title = `Lightfoot load test: ${run.script}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>${escapeText(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escapeText(title)}</h1>
<p class="where">${escapeText(run.startedAt)}, against ${escapeText(run.host)}, site ${escapeText(run.site)}, ${run.cores} cores</p>
<ul class="checks">${checks.join('\n')}</ul>
<div class="charts">
${charts.map(([name, unit, series]) => chart({ title: name, unit, series, seconds })).join('\n')}
</div>
<h2>Summary</h2>
<pre>${escapeText(reportText(run))}</pre>
</body>
</html>
`
}
