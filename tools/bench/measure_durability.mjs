// What durability costs: Lightfoot against itself without fsync. The product has no switch for that, so it is
// made from outside not to wait for the disk (no_fsync.mjs).

import { startLightfoot } from './product.mjs'
import { plainRequests } from './requests.mjs'
import { failuresOf, interleave, printResults } from './rounds.mjs'

export async function measureDurability({ rounds, seconds }) {
  const durable = await startLightfoot({ workers: 1 })
  const careless = await startLightfoot({ workers: 1, withoutFsync: true })
  const run = (name, server) => ({
    name,
    server,
    events: 1,
    load: { requests: plainRequests(server.port, 1) },
  })
  const runs = [run('durable, 1 event', durable), run('without fsync, 1 event', careless)]
  const found = await interleave(runs, { rounds, seconds })
  await careless.confirmWithoutFsync()
  await Promise.all([durable.stop(), careless.stop()])
  const results = [...found.values()]
  printResults(results)
  const [a, b] = results.map(({ requestsPerSecond }) => requestsPerSecond)
  return {
    results,
    goals: [{ name: 'durable ÷ itself without fsync, 1 event', least: 0.8, aim: 0.9, value: a / b }],
    wrong: failuresOf(results),
  }
}
