// What the tracker costs a page's main thread, on a CPU slowed four times: time and long tasks at load and while the page is used,
// beside the same page without it, in a real Chromium; and by a trace, which itself takes time, layouts that it forces.

import { readFileSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'
import { runBundled } from '../run_bundled.mjs'
import { trackerFiles } from '../tracker_build.mjs'
import { aims, peers } from '../tracker_peers.mjs'
import { forcedLayouts, scriptTasks, tracePage } from './page_trace.mjs'
import { showProgress } from './progress.mjs'
import { median, rounded } from './statistics.mjs'
import { builtFile, servePages } from './tracker_pages.mjs'

const scripts = {
  'without a tracker': '',
  'lightfoot.core.js': 'lightfoot.core.js',
  'lightfoot.js': 'lightfoot.js',
}
const cpuSlowdown = 4
const clicks = 50
/** Vitals are loaded, and the first batch is sent. */
const restMs = 1500
/** The figures are a few milliseconds of a busy machine's: more rounds than of the other measures. */
const roundsTimes = 2

export async function measureTracker({ rounds, isQuick = false }) {
  const { openBrowser } = await runBundled('tools/testing/browser.ts')
  const pages = await servePages()
  const chromium = await openBrowser()
  try {
    const samples = await sampleInTurn({ chromium, pages, rounds: isQuick ? 2 : rounds * roundsTimes })
    const traced = {}
    for (const [name, script] of Object.entries(scripts))
      if (script) traced[name] = await traceOne(chromium, pages, script)
    return summarise(samples, traced)
  } finally {
    showProgress('')
    await chromium.close()
    await pages.close()
  }
}

/** Each page after the others, again and again, so that what else the machine does falls on all alike. */
async function sampleInTurn({ chromium, pages, rounds }) {
  const samples = Object.fromEntries(Object.keys(scripts).map(name => [name, []]))
  // Round 0 warms up and is not counted.
  for (let round = 0; round <= rounds; round++) {
    for (const [name, script] of Object.entries(scripts)) {
      showProgress(`round ${round}/${rounds}  ${name}`)
      const sample = await withPage(chromium, pages, (page, session) =>
        sampleOne(page, session, pages.urlOf(script)),
      )
      if (round > 0) samples[name].push(sample)
    }
  }
  return samples
}

async function withPage(chromium, pages, use) {
  const page = await chromium.newPage({ viewport: { width: 1280, height: 720 } })
  try {
    // Of the same origin, so that the page that is measured finds its process.
    await page.goto(pages.urlOf(''))
    const session = await page.context().newCDPSession(page)
    // By the thread's own clock, so that other programs do not count.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' })
    await session.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown })
    return await use(page, session)
  } finally {
    await page.context().close()
  }
}

async function sampleOne(page, session, url) {
  await page.addInitScript(countLongTasks)
  const before = await busyMs(session)
  await open(page, url)
  const opened = await busyMs(session)
  await use(page)
  const useMs = (await busyMs(session)) - opened
  return { loadMs: opened - before, useMs, longTasks: await page.evaluate('longTasks') }
}

/** https://www.w3.org/TR/longtasks-1/ */
const countLongTasks = `
  window.longTasks = 0
  new PerformanceObserver(list => { longTasks += list.getEntries().length }).observe({ type: 'longtask', buffered: true })`

async function open(page, url) {
  await page.goto(url, { waitUntil: 'load' })
  await page.waitForTimeout(restMs)
}

/** All tasks of the page's main thread so far. */
async function busyMs(session) {
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'TaskDuration').value * 1000
}

/** Scrolls, moves the pointer and clicks; then everything that was gathered is sent. */
async function use(page) {
  for (let nth = 0; nth < clicks; nth++) {
    await page.mouse.move(20 + nth * 4, 60 + nth * 8)
    await page.mouse.move(100, 60 + nth * 8)
    await page.mouse.click(100, 60 + nth * 8)
    if (nth % 5 === 0) await page.mouse.wheel(0, 300)
  }
  await page.waitForTimeout(restMs)
}

async function traceOne(chromium, pages, script) {
  showProgress(`trace  ${script}`)
  const isOurs = url => url.includes('/lightfoot.')
  return withPage(chromium, pages, async (page, session) => {
    const atLoad = await tracePage(session, () => open(page, pages.urlOf(script)))
    const inUse = await tracePage(session, () => use(page))
    const [load, used] = [atLoad, inUse].map(events => scriptTasks(events, isOurs))
    const forced = forcedLayouts([...atLoad, ...inUse], isOurs).length
    return { loadMs: load.ms, useMs: used.ms, forced }
  })
}

function summarise(samples, traced) {
  const of = (name, key) => median(samples[name].map(sample => sample[key]))
  const bare = Object.keys(scripts)[0]
  const results = Object.keys(scripts).map(name => ({
    name,
    'load ms': rounded(of(name, 'loadMs')),
    'use ms': rounded(of(name, 'useMs')),
    'own load ms': rounded(traced[name]?.loadMs ?? 0),
    'own use ms': rounded(traced[name]?.useMs ?? 0),
    'long tasks': of(name, 'longTasks'),
  }))
  console.table(results)
  const goals = Object.entries(traced).flatMap(([name, { loadMs, useMs, forced }]) => [
    {
      name: `${name}: main thread at load above the same page without it, ms of CPU slowed ${cpuSlowdown} times`,
      value: of(name, 'loadMs') - of(bare, 'loadMs'),
      remark: `of ${rounded(of(name, 'loadMs'))}; in its own functions, traced: ${rounded(loadMs)}`,
    },
    {
      name: `${name}: the same for ${clicks} clicks, ${2 * clicks} pointer moves and ${clicks / 5} turns of the wheel`,
      value: of(name, 'useMs') - of(bare, 'useMs'),
      remark: `of ${rounded(of(name, 'useMs'))}; in its own functions, traced: ${rounded(useMs)}`,
    },
    {
      name: `${name}: tasks above 50 ms because of it`,
      most: 0,
      value: Math.max(0, of(name, 'longTasks') - of(bare, 'longTasks')),
      remark: `${of(bare, 'longTasks')} without it`,
    },
    { name: `${name}: layouts that it forces`, most: 0, value: forced },
  ])
  return { results, goals: [...sizes(), ...goals], wrong: [] }
}

function sizes() {
  return Object.entries(trackerFiles).map(([file, { bytesMax }]) => {
    const peer = aims[file]
    return {
      name: `${file}, bytes of brotli`,
      most: bytesMax,
      ...(peer && { aim: peers[peer], remark: `the aim is ${peer}’s, which does less` }),
      value: brotliCompressSync(readFileSync(builtFile(file))).length,
    }
  })
}
