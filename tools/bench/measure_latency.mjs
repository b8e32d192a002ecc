// Time to a durable 202 at half of the highest rate, against the fdatasync of the same disk under the same conditions: the
// same load goes to a Lightfoot that does not wait for the disk, so the machine and the engine are as busy, and in its stead
// a small writer appends groups of the same size at the same pace and times each fdatasync. Both in turn, in each round.

import { setTimeout as sleep } from 'node:timers/promises'
import { makeFolder, removeFolder } from './folders.mjs'
import { generate } from './generator.mjs'
import { startNode } from './processes.mjs'
import { metricsMs, startLightfoot } from './product.mjs'
import { showProgress } from './progress.mjs'
import { plainRequests } from './requests.mjs'
import { median } from './statistics.mjs'

/** More than wait at any time, so that a slow answer holds back next to nothing of the load. */
const connections = 256
const tries = 2

export async function measureLatency({ rounds, seconds }) {
  const durable = await startLightfoot({ workers: 1 })
  const careless = await startLightfoot({ workers: 1, withoutFsync: true })
  careless.freeze()
  const perSecond = (await highestRate(durable, seconds)) / 2
  const group = await groupOf(durable, perSecond, seconds)
  const samples = []
  for (let round = 1; round <= rounds; round++) {
    showProgress(`round ${round}/${rounds}  ${Math.round(perSecond)} requests/s`)
    const answers = await paced(durable, perSecond, seconds)
    const [disk, others] = await Promise.all([
      writeToDisk(group, seconds),
      paced(careless, perSecond, seconds),
    ])
    samples.push({ answers, disk, failed: answers.failed + others.failed })
  }
  durable.thaw()
  careless.thaw()
  await careless.confirmWithoutFsync()
  await Promise.all([durable.stop(), careless.stop()])
  return summarise(samples, { perSecond, ...group })
}

async function highestRate(server, seconds) {
  const rates = []
  for (let i = 0; i < tries; i++) {
    showProgress('the highest rate')
    await server.untilAtRest()
    const requests = plainRequests(server.port, 1)
    rates.push((await generate({ port: server.port, requests, seconds })).requestsPerSecond)
  }
  return Math.max(...rates)
}

async function paced(server, perSecond, seconds) {
  server.thaw()
  await server.untilAtRest()
  const requests = plainRequests(server.port, 1)
  const sample = await generate({ port: server.port, requests, seconds, perSecond, connections })
  server.freeze()
  return sample
}

/** Bytes and pace of the groups that the acceptor commits at this rate. */
async function groupOf(server, perSecond, seconds) {
  const written = async () => {
    server.thaw()
    await sleep(metricsMs)
    const metric = await server.metrics()
    return {
      groups: metric('lightfoot_spool_groups_total'),
      bytes: metric('lightfoot_spool_written_bytes_total'),
      records: metric('lightfoot_spool_records_total'),
    }
  }
  const before = await written()
  await paced(server, perSecond, seconds)
  const after = await written()
  const groups = after.groups - before.groups
  if (!(groups > 0)) throw new Error('no group was committed during the paced run')
  return {
    groupBytes: (after.bytes - before.bytes) / groups,
    groupRecords: (after.records - before.records) / groups,
    groupsPerSecond: groups / seconds,
  }
}

async function writeToDisk({ groupBytes, groupsPerSecond }, seconds) {
  const folder = makeFolder()
  const child = startNode(
    'tools/bench/disk_writer.mjs',
    [folder, groupBytes, groupsPerSecond, seconds].map(String),
  )
  let output = ''
  child.stdout.on('data', chunk => {
    output += chunk
  })
  await new Promise(resolve => child.once('close', resolve))
  removeFolder(folder)
  return JSON.parse(output)
}

function summarise(samples, load) {
  const of = (which, quantile) => median(samples.map(sample => sample[which][quantile]))
  const two = value => Number(value.toFixed(2))
  const results = [
    {
      name: 'time to a durable 202',
      p50Ms: two(of('answers', 'p50Ms')),
      p99Ms: two(of('answers', 'p99Ms')),
      'requests/s': Math.round(median(samples.map(({ answers }) => answers.requestsPerSecond))),
    },
    {
      name: 'fdatasync alone',
      p50Ms: two(of('disk', 'p50Ms')),
      p99Ms: two(of('disk', 'p99Ms')),
      'groups/s': Math.round(load.groupsPerSecond),
      'bytes a group': Math.round(load.groupBytes),
      'records a group': two(load.groupRecords),
    },
  ]
  console.table(results)
  const [answers, disk] = results
  const failed = samples.reduce((sum, sample) => sum + sample.failed, 0)
  const remark = `${answers.p99Ms} ms, fdatasync ${disk.p99Ms} ms, at ${Math.round(load.perSecond)} requests/s`
  return {
    results,
    goals: [
      {
        name: 'p99 of a durable 202 at half of the highest rate ÷ fdatasync’s',
        most: 4,
        aim: 3,
        value: answers.p99Ms / disk.p99Ms,
        remark,
      },
      {
        name: 'p50 of the same',
        value: answers.p50Ms / disk.p50Ms,
        remark: `${answers.p50Ms} ms, fdatasync ${disk.p50Ms} ms`,
      },
    ],
    wrong: failed > 0 ? [`latency: ${failed} requests failed`] : [],
  }
}
