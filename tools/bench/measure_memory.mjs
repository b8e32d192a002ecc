// Resident memory: of an acceptor that has had nothing to do for a while, and of all processes under load.

import { setTimeout as sleep } from 'node:timers/promises'
import { generate } from './generator.mjs'
import { residentBytes } from './processes.mjs'
import { startLightfoot } from './product.mjs'
import { showProgress } from './progress.mjs'
import { plainRequests } from './requests.mjs'
import { mapValues } from './shares.mjs'

const sampleMs = 250
const mebibyte = 2 ** 20

export async function measureMemory({ seconds, idleSeconds }) {
  const lightfoot = await startLightfoot({ workers: 1 })
  const memory = () => mapValues(lightfoot.roles(), pids => Math.round(residentBytes(pids) / mebibyte))
  showProgress(`idle for ${idleSeconds} s`)
  await sleep(idleSeconds * 1000)
  const idle = memory()
  showProgress('under load')
  const highest = mapValues(idle, () => 0)
  let all = 0
  const sampling = setInterval(() => {
    const now = memory()
    for (const role of Object.keys(now)) highest[role] = Math.max(highest[role], now[role])
    all = Math.max(all, sum(now))
  }, sampleMs)
  const requests = plainRequests(lightfoot.port, 10)
  const { failed } = await generate({ port: lightfoot.port, requests, seconds: seconds * 4 })
  await lightfoot.untilAtRest()
  clearInterval(sampling)
  await lightfoot.stop()
  const results = [
    { name: 'idle, MiB', ...idle, all: sum(idle) },
    { name: 'highest under load and while it is loaded and folded, MiB', ...highest, all },
  ]
  console.table(results)
  return {
    results,
    goals: [
      {
        name: `an acceptor after ${idleSeconds} s of nothing, resident MB`,
        most: 90,
        value: toMegabytes(idle.acceptors),
      },
      { name: 'all processes under load, resident MB', most: 1000, value: toMegabytes(all) },
    ],
    wrong: failed > 0 ? [`memory: ${failed} requests failed`] : [],
  }
}

function sum(values) {
  return Object.values(values).reduce((total, value) => total + value, 0)
}

function toMegabytes(mebibytes) {
  return (mebibytes * mebibyte) / 1e6
}
