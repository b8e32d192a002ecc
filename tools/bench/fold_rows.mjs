// Raw rows of one day as a busy collector has them, made by the database itself: eight events a page, three pages a
// visitor, three sites, a long tail of paths, daily ids and first-party ids and none. In loads of 200,000, as the loader
// makes them, in order of time and not of visitor.

import { setTimeout as sleep } from 'node:timers/promises'

const loadRows = 200_000
/** A power of two, so that the odd multiplier below visits each page once. */
const pagesOf = rows => 2 ** Math.ceil(Math.log2(rows / 8))

// Everything random about a visitor or a page is a hash of its number.
const rowsOfLoad = `
with
  {from:UInt64} + number                                                as nth,
  -- Pages are spread over the day: the n-th page of it belongs to any visitor.
  intDiv(nth, 8)                                                        as page_number,
  (page_number * 2654435761) % {pages:UInt64}                           as shuffled,
  toUInt16(nth % 8)                                                     as step,
  intDiv(shuffled, 3)                                                   as person,
  sipHash64(person, 1)                                                  as p,
  sipHash64(shuffled, 2)                                                as q,
  p % 100                                                               as class,
  toDateTime({day:Date}, 'UTC') + toUInt32(86400. * page_number / {pages_used:UInt64}) as opened,
  multiIf(step = 0, 'pageview', step = 1, 'timing', step in (2, 3), 'vital', step = 6, if(q % 2, 'click', 'engagement'),
          step = 7, if(q % 20 = 0, 'error', 'exit'), 'engagement')      as kind_of_row,
  toUInt32(2000 * pow((q % 10007) / 10007, 3))                          as path_number
select {load:UInt64} as load,
       multiIf(p % 10 < 7, 'shop', p % 10 < 9, 'journal', 'club')        as site,
       {day:Date} as received, {day:Date} as day,
       toStartOfHour(opened) as hour,
       if(class < 75, toStartOfMinute(opened), opened + step) as time,
       {day:Date} + if(class < 75, 30, 90) as expires,
       kind_of_row as type,
       'tracker' as channel,
       if(class < 75, 'exempt', 'granted') as consent,
       if(class < 75, 0, 31) as purposes,
       1 as policy,
       multiIf(class < 88, 1 + p % 16777216, class < 95, bitOr(p, 9223372036854775808), 0) as visitor,
       sipHash64(shuffled, 3) as page,
       step as seq,
       ['DE','FR','RO','GB','US','IT','ES','PL','NL','AT'][1 + toUInt32(10 * pow((p % 997) / 997, 2))] as country,
       ['Chrome','Safari','Firefox','Edge','Samsung Internet'][1 + p % 5] as browser,
       ['Windows','Android','iOS','macOS','Linux'][1 + intDiv(p, 7) % 5] as system,
       ['desktop','mobile','tablet'][1 + intDiv(p, 11) % 3] as device,
       ['small','medium','large'][1 + intDiv(p, 13) % 3] as screen,
       ['en','de','fr','ro','it'][1 + intDiv(p, 17) % 5] as language,
       'www.example.com' as host,
       concat('/', ['catalogue','article','help','order'][1 + path_number % 4], '/', toString(path_number)) as path,
       ['Catalogue','Article','Help','Order'][1 + path_number % 4] as page_group,
       if(step = 0, 'navigate', '') as navigation,
       if(step = 0, ['link','link','link','address','reload','back_forward','unknown'][1 + q % 7], '') as arrival,
       if(step = 0, 200, if(type = 'error', 404, 0)) as status,
       if(step = 0 and q % 5 = 0, concat('site', toString(toUInt32(300 * pow((q % 991) / 991, 3))), '.example'), '') as referrer_host,
       if(step = 0 and q % 5 > 0 and q % 7 < 3, concat('/article/', toString(toUInt32(2000 * pow((q % 9973) / 9973, 3)))), '') as referrer_path,
       if(step = 0 and q % 30 = 0, ['mail','ads','partner'][1 + q % 3], '') as campaign_source,
       if(type = 'engagement', 5000 * (1 + q % 6), 0) as active_ms,
       if(type = 'engagement', 5000 * (1 + q % 8), 0) as visible_ms,
       if(type = 'engagement' and step < 6, if(step = 4, 1, 4), 0) as scroll_from,
       if(type = 'engagement' and step < 6, if(step = 4, 3, 4 + q % 7), 0) as scroll_to,
       multiIf(type = 'click', ['internal','outbound','download','button','tel'][1 + q % 5],
               type = 'exit', ['link','form','back_forward','unknown'][1 + q % 4], type = 'error', 'resource', '') as kind,
       if(type = 'vital', if(step = 2, ['LCP','FCP'][1 + q % 2], ['CLS','INP'][1 + q % 2]), '') as name,
       if(type = 'click' and class >= 75, concat('target-', toString(q % 200)), '') as target,
       if(type = 'click' and q % 5 = 1, concat('site', toString(q % 50), '.example'), '') as target_host,
       if(type = 'vital', if(name = 'CLS', (q % 400) / 1000, q % 5000), 0) as value,
       if(type = 'error', 'img', '') as tag,
       if(type = 'error', concat('www.example.com/missing-', toString(q % 40), '.png'), '') as resource,
       if(type = 'timing', q % 60, 0) as dns_ms,
       if(type = 'timing', q % 90, 0) as connect_ms,
       if(type = 'timing', q % 70, 0) as tls_ms,
       if(type = 'timing', 50 + q % 300, 0) as request_ms,
       if(type = 'timing', q % 40, 0) as response_ms,
       if(type = 'timing', 80 + q % 400, 0) as ttfb_ms,
       if(type = 'timing', 200 + q % 900, 0) as interactive_ms,
       if(type = 'timing', 220 + q % 950, 0) as dcl_ms,
       if(type = 'timing', 1200 + q % 3000, 0) as load_ms
from numbers({rows:UInt64})`

/** Of one visitor and one page each time, as a load generator or a flood sends them. */
const floodOfLoad = `
select {load:UInt64} as load, 'shop' as site, {day:Date} as received, {day:Date} as day,
       toStartOfHour(opened) as hour, opened as time, {day:Date} + 30 as expires,
       if(number % 10 = 0, 'pageview', 'engagement') as type, 'tracker' as channel, 'exempt' as consent, 1 as policy,
       4711 as visitor, sipHash64(intDiv(nth, 10)) as page, toUInt16(nth % 10) as seq, 'DE' as country, 'Chrome' as browser,
       '/catalogue' as path, if(type = 'pageview', 'navigate', '') as navigation, if(type = 'engagement', 5000, 0) as active_ms
from (
  select number, {from:UInt64} + number as nth, toDateTime({day:Date}, 'UTC') + toUInt32(nth % 86400) as opened
  from numbers({rows:UInt64})
)`

/** `shape`: `mixed`, or `flood` for one visitor. Resolves when the parts have settled. */
export async function makeFoldRows(store, { rows, day, shape = 'mixed' }) {
  const select = shape === 'flood' ? floodOfLoad : rowsOfLoad
  const columns = [...select.matchAll(/\bas (\w+)[,\s]/g)].map(([, name]) => name)
  const [{ names }] = await store.query(
    `select groupArray(name) as names from system.columns where database = currentDatabase() and table = 'events'`,
  )
  const given = names.filter(name => columns.includes(name))
  for (let from = 0; from < rows; from += loadRows) {
    const count = Math.min(loadRows, rows - from)
    const parameters = {
      from,
      rows: count,
      load: 1000 + from / loadRows,
      day,
      pages: pagesOf(rows),
      pages_used: Math.ceil(rows / 8),
    }
    const used = Object.fromEntries(
      Object.entries(parameters).filter(([name]) => select.includes(`{${name}:`)),
    )
    await store.command(
      `insert into events (${given}) select ${given} from (${select}) settings max_insert_threads = 1, max_block_size = 200000, min_insert_block_size_rows = 200000, async_insert = 0`,
      used,
    )
  }
  for (let tries = 0; tries < 600; tries++) {
    const [{ merges }] = await store.query('select count() as merges from system.merges')
    if (merges === '0') return
    await sleep(100)
  }
}
