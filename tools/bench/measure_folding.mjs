// Folding one day of 1 M and of 10 M rows, all rollups: seconds, CPU, memory, and how long reports take meanwhile. The small
// day is also folded at the engine's pace, with its rests; the large one without, since that takes five times as long.

import { benchFold } from './fold.mjs'
import { showProgress } from './progress.mjs'

const days = [
  { rows: 1_000_000, most: 3, isPaced: true },
  { rows: 10_000_000, most: 30, isPaced: false },
]

/** `isQuick`: the small day only, and without rests. */
export async function measureFolding({ isQuick = false }) {
  const results = []
  const goals = []
  for (const day of isQuick ? [{ ...days[0], isPaced: false }] : days) {
    const found = await foldDay(day)
    results.push(...found.results)
    goals.push(...found.goals)
  }
  showProgress('')
  console.table(results)
  return { results, goals, wrong: [] }
}

async function foldDay({ rows, most, isPaced }) {
  showProgress(`a day of ${rows} rows is made and folded`)
  const { atOnce, beside, paced } = await benchFold({ rows, isPaced })
  const day = `a day of ${rows / 1e6} M rows`
  const goals = [
    {
      name: `folding ${day}, seconds`,
      most,
      value: atOnce.seconds,
      remark: `${atOnce.cpuSeconds.toFixed(1)} s of CPU`,
    },
    {
      name: `the folding process meanwhile (${day}), resident MB`,
      most: 1000,
      value: Math.max(atOnce.peakMb, paced?.peakMb ?? 0),
      remark: `${atOnce.baseMb} before`,
    },
  ]
  if (paced)
    goals.push({
      name: `share of the engine’s time, folding ${day} at its pace`,
      value: paced.share,
      remark: `in ${Math.round(paced.seconds)} s; a report took ${Math.round(paced.reportP50Ms)} ms meanwhile, at most ${Math.round(paced.reportMaxMs)}`,
    })
  const results = [
    rowOf(`${day}, at once`, atOnce),
    rowOf(`${day}, the product under load`, beside),
    ...(paced ? [rowOf(`${day}, paced`, paced)] : []),
  ]
  goals.push({
    name: `p99 of a durable 202 while ${day} is folded, ms`,
    value: beside.p99Ms,
    remark: `${Math.round(beside.p99MsBefore)} before; a report took ${Math.round(beside.reportP50Ms)} ms, at most ${Math.round(beside.reportMaxMs)}`,
  })
  return { results, goals }
}

function rowOf(name, found) {
  const figures = Object.entries(found).filter(([, value]) => typeof value === 'number')
  return { name, ...Object.fromEntries(figures.map(([key, value]) => [key, Number(value.toFixed(2))])) }
}
