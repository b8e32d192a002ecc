// Two acceptors against one, over connections that stay and over one connection a request, as browsers make them; and what
// limits it, read from where the CPU time went.

import { startFloor } from './floors.mjs'
import { startLightfoot } from './product.mjs'
import { plainRequests } from './requests.mjs'
import { failuresOf, interleave, printResults } from './rounds.mjs'
import { limitOf } from './shares.mjs'

export async function measureAcceptors({ rounds, seconds }) {
  const bare = await startFloor('bare')
  const one = await startLightfoot({ workers: 1 })
  const two = await startLightfoot({ workers: 2 })
  const run = (name, server, closing) => ({
    name,
    server,
    events: 1,
    load: { requests: plainRequests(server.port, 1), closing },
  })
  const runs = [
    run('1 acceptor', one, false),
    run('2 acceptors', two, false),
    run('bare node:http, a connection each', bare, true),
    run('1 acceptor, a connection each', one, true),
    run('2 acceptors, a connection each', two, true),
  ]
  const found = await interleave(runs, { rounds, seconds })
  await Promise.all([bare, one, two].map(server => server.stop()))
  const results = [...found.values()]
  printResults(results)
  const rate = name => found.get(name).requestsPerSecond
  return {
    results,
    goals: [
      goal('2 acceptors ÷ 1', rate('2 acceptors') / rate('1 acceptor'), found.get('2 acceptors')),
      goal(
        '2 acceptors ÷ 1, one connection a request',
        rate('2 acceptors, a connection each') / rate('1 acceptor, a connection each'),
        found.get('2 acceptors, a connection each'),
      ),
      {
        name: '1 acceptor, one connection a request ÷ bare floor’s',
        value: rate('1 acceptor, a connection each') / rate('bare node:http, a connection each'),
      },
    ],
    wrong: failuresOf(results),
  }
}

function goal(name, value, { shares }) {
  return { name, value, remark: limitOf(shares) }
}
