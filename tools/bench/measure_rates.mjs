// Requests of 1, 10 and 50 events, durable, with one acceptor, beside the three floors.

import { startFloor } from './floors.mjs'
import { startLightfoot } from './product.mjs'
import { plainRequests } from './requests.mjs'
import { failuresOf, interleave, printResults } from './rounds.mjs'

/** It inserts one after the other: more would only wait longer, past the end of a short run. */
const naiveConnections = 8

export async function measureRates({ rounds, seconds }) {
  const [bare, express, naive, lightfoot] = await Promise.all([
    ...['bare', 'express', 'naive'].map(startFloor),
    startLightfoot({ workers: 1 }),
  ])
  const run = (name, server, events, load = {}) => ({
    name,
    server,
    events,
    load: { requests: plainRequests(server.port, events), ...load },
  })
  const runs = [
    run('bare node:http', bare, 1),
    run('Express 5', express, 1),
    run('naive collector, 10 events', naive, 10, { connections: naiveConnections }),
    run('Lightfoot, 1 event', lightfoot, 1),
    run('Lightfoot, 10 events', lightfoot, 10),
    run('Lightfoot, 50 events', lightfoot, 50),
  ]
  const found = await interleave(runs, { rounds, seconds })
  await Promise.all([bare, express, naive, lightfoot].map(server => server.stop()))
  const results = [...found.values()]
  printResults(results)
  const rate = name => found.get(name).requestsPerSecond
  const floor = rate('bare node:http')
  const against = events => (rate(`Lightfoot, ${events} event${events > 1 ? 's' : ''}`) * events) / floor
  return {
    results,
    goals: [
      {
        name: '1 event a request, durable: requests/s ÷ bare floor’s',
        least: 0.4,
        aim: 0.5,
        value: against(1),
      },
      {
        name: '10 events a request: events/s ÷ bare floor’s requests/s',
        least: 2,
        aim: 2.8,
        value: against(10),
      },
      {
        name: '10 events a request ÷ the naive collector’s',
        least: 6,
        value: rate('Lightfoot, 10 events') / rate('naive collector, 10 events'),
      },
      {
        name: '50 events a request: events/s ÷ bare floor’s requests/s',
        least: 3.7,
        aim: 4.5,
        value: against(50),
      },
    ],
    wrong: failuresOf(results),
  }
}
