// Floor: the collector as it is commonly written: Express 5, its JSON body parser, the user agent parsed for each request,
// and one insert a request, awaited before the answer, into the ClickHouse that Lightfoot embeds. Its table has the columns
// and the order of `events` and nothing that makes an insert wait for the disk, which Lightfoot's has. Asynchronous inserts
// stay as the engine has them by default. Argument: an empty folder for the database. Prints its port.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { createClient } from '@clickhouse/client'
import { createChdbConnection } from 'chdb/connection'
import express from 'express'
import parseAgent from 'ua-parser-js'

const [, , folder] = process.argv
const migration = readFileSync(path.join(import.meta.dirname, '../../migrations/0001_events.sql'), 'utf8')
const columns = /create table if not exists events (\([\s\S]*?\n\))\nengine/.exec(migration)?.[1]
const order = /\norder by (\(.*\))/.exec(migration)?.[1]
if (!columns || !order)
  throw new Error('the naive floor does not find the columns of events in migrations/0001_events.sql')

const client = createClient({ connection: createChdbConnection({ path: folder }) })
await client.command({
  query: `create table events ${columns} engine = MergeTree partition by received order by ${order}`,
})

const app = express()
app.disable('x-powered-by')
app.use(express.json({ type: ['text/plain', 'application/json'] }))
app.post('/v1/events', async (request, response) => {
  const { site, device, pages, events } = request.body
  const agent = parseAgent(request.headers['user-agent'])
  const now = new Date().toISOString()
  const ids = pages.map(({ id }) => createHash('sha256').update(id).digest().readBigUInt64BE())
  const urls = pages.map(({ url }) => new URL(url))
  await client.insert({
    table: 'events',
    format: 'JSONEachRow',
    values: events.map(event => ({
      site,
      received: now.slice(0, 10),
      day: now.slice(0, 10),
      hour: `${now.slice(0, 10)} ${now.slice(11, 13)}:00:00`,
      time: now.replace('T', ' ').slice(0, 19),
      type: event.type,
      channel: 'tracker',
      consent: 'exempt',
      visitor: '1',
      page: String(ids[event.page]),
      seq: event.seq,
      browser: agent.browser.name ?? '',
      browser_version: agent.browser.major ?? '',
      system: agent.os.name ?? '',
      device: agent.device.type ?? 'desktop',
      screen: device.screen.join('x'),
      language: device.language,
      host: urls[event.page].host,
      path: urls[event.page].pathname,
      navigation: event.navigation ?? '',
      status: event.status ?? 0,
      active_ms: event.activeMs ?? 0,
      visible_ms: event.visibleMs ?? 0,
    })),
  })
  response.status(202).json({ accepted: events.length, dropped: {} })
})
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port))
