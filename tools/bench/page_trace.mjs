// What a page's main thread did, by Chromium's own trace: which tasks were long, how much of them a script took, and whether
// it made the browser work out the layout while it ran. Used by the bench and by tracker/layout.test.ts.

const categories = [
  'toplevel',
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  // Layouts then carry the stack of the script that forced them.
  'disabled-by-default-devtools.timeline.stack',
  'v8',
]
/** A task above this is long (https://www.w3.org/TR/longtasks-1/). */
const longTaskMs = 50

/** The events of all processes while `run` runs. `session` is a CDP session of the page. */
export async function tracePage(session, run) {
  const events = []
  const collect = ({ value }) => events.push(...value)
  session.on('Tracing.dataCollected', collect)
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: categories, recordMode: 'recordContinuously' },
  })
  await run()
  const complete = new Promise(resolve => session.once('Tracing.tracingComplete', resolve))
  await session.send('Tracing.end')
  await complete
  session.off('Tracing.dataCollected', collect)
  return events
}

/**
 * Layouts and recalculations of styles that happened inside a script whose address `isOurs`, with the function that asked.
 * @returns {{name: string, by: string}[]}
 */
export function forcedLayouts(events, isOurs) {
  return events
    .filter(({ name }) => name === 'Layout' || name === 'UpdateLayoutTree')
    .map(event => ({ name: event.name, frame: stackOf(event).find(({ url }) => isOurs(url)) }))
    .filter(({ frame }) => frame !== undefined)
    .map(({ name, frame }) => ({ name, by: `${frame.functionName || '(anonymous)'} ${frame.url}` }))
}

function stackOf({ args }) {
  return args?.beginData?.stackTrace ?? args?.data?.stackTrace ?? []
}

/**
 * CPU time that scripts whose address `isOurs` took, evaluation and compilation included, and the tasks that are long because of
 * them: above 50 ms of
 * CPU with them, not without. By the thread's own clock: on a busy machine every task takes long by the wall's.
 */
export function scriptTasks(events, isOurs) {
  const ours = outermost(events.filter(event => event.ph === 'X' && event.tdur && isOurs(urlOf(event))))
  const isLong = ({ name, ph, tdur }) => /(^|::)RunTask$/.test(name) && ph === 'X' && tdur > longTaskMs * 1000
  const long = outermost(events.filter(isLong))
  const isLongByUs = task => {
    const inside = ours.filter(event => isInside(event, task)).reduce((sum, { tdur }) => sum + tdur, 0)
    return inside > 0 && task.tdur - inside <= longTaskMs * 1000
  }
  return {
    ms: ours.reduce((sum, { tdur }) => sum + tdur, 0) / 1000,
    longTasks: long.filter(isLongByUs).length,
    longTasksInAll: long.length,
  }
}

function urlOf({ args }) {
  return args?.data?.url ?? args?.fileName ?? args?.beginData?.url ?? ''
}

/** Each moment once: an event inside another of the list is left out. */
function outermost(events) {
  const sorted = [...events].sort((a, b) => a.ts - b.ts || b.dur - a.dur)
  const found = []
  for (const event of sorted) if (!found.some(outer => isInside(event, outer))) found.push(event)
  return found
}

function isInside(inner, outer) {
  return (
    inner.pid === outer.pid &&
    inner.tid === outer.tid &&
    inner.ts >= outer.ts &&
    inner.ts + inner.dur <= outer.ts + outer.dur
  )
}
