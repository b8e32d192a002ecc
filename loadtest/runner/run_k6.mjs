// One k6 process: told its plan, its figures read as they come, ended when it has done enough or does not end by itself.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { createK6Figures } from './k6_figures.mjs'

const graceMs = 60_000
const killMs = 10_000

/**
 * `isEnough(figures)` is asked every second. Resolves with figures and summary; rejects when k6 fails for another reason
 * than a threshold, and says what it said.
 */
export function runK6({ script, plan, seconds, summaryFile }, onStart, isEnough = () => false) {
  const figures = createK6Figures()
  const file = path.join(import.meta.dirname, '../scripts', `${script}.js`)
  // The figures come on its standard output. Its own HTTP interface is not wanted, on no port.
  const args = ['run', '--quiet', '--address', '', '--out', 'json=-', file]
  const env = { ...process.env, PLAN: JSON.stringify({ ...plan, summaryFile }), K6_NO_USAGE_REPORT: 'true' }
  return new Promise((resolve, reject) => {
    const k6 = spawn('k6', args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    onStart(k6.pid)
    let said = ''
    k6.stdout.setEncoding('latin1').on('data', figures.feed)
    k6.stderr.on('data', chunk => {
      said = (said + chunk).slice(-4000)
    })
    // It ends its iterations and sums up; twice would be at once.
    const end = once(() => k6.kill('SIGINT'))
    process.once('SIGINT', end)
    const asking = setInterval(() => isEnough(figures) && end(), 1000)
    const ending = setTimeout(end, seconds * 1000 + graceMs)
    const killing = setTimeout(() => k6.kill('SIGKILL'), seconds * 1000 + graceMs + killMs)
    k6.on('error', reject)
    k6.on('close', () => {
      for (const timer of [asking, ending, killing]) clearTimeout(timer)
      process.off('SIGINT', end)
      try {
        resolve({ figures, summary: JSON.parse(readFileSync(summaryFile, 'utf8')) })
      } catch {
        reject(new Error(`k6 gave no summary: ${said.trim().split('\n').at(-1) ?? ''}`))
      }
    })
  })
}

function once(work) {
  let isDone = false
  return () => {
    if (!isDone) work()
    isDone = true
  }
}
