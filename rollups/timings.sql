-- Timings: phases of the navigation and vitals, counted in the buckets of contract/steps.ts. A row that was
-- already coarsened to a bucket's lower edge falls into that same bucket.
--
-- Metrics are told apart by number while rows are counted (a name in each of ten figures a row took three times as long).
-- A page that was left before `interactive`, `dcl` or `load` has 0 there, less than what came before it: not counted.
with
  ['redirect', 'dns', 'connect', 'tls', 'request', 'response', 'ttfb', 'interactive', 'dcl', 'load'] as metrics
select site, {day:Date} as day, path,
       metrics[number]                                          as metric,
       bucket                                                   as bucket_from,
       arrayFirst(edge -> edge > bucket, {edges:Array(UInt32)}) as bucket_to,
       samples,
       0 as daily_ids,
       0 as identities,
       0 as without_id
from (
  select site, path, figure.1 as number, roundDown(figure.2, {edges:Array(UInt32)}) as bucket, count() as samples
  from (
    select site, path,
           arrayJoin(arrayFilter((figure, is_there) -> is_there, arrayZip(range(1, 11), [
             redirect_ms, dns_ms, connect_ms, tls_ms, request_ms, response_ms, ttfb_ms, interactive_ms, dcl_ms, load_ms
           ]), [
             true, true, true, true, true,
             -- Who left while the answer still came has no time of it.
             interactive_ms >= ttfb_ms,
             true,
             interactive_ms >= ttfb_ms,
             dcl_ms >= greatest(interactive_ms, ttfb_ms),
             load_ms >= greatest(dcl_ms, interactive_ms, ttfb_ms)
           ])) as figure
    from day_rows
    where type = 'timing'
  )
  group by site, path, number, bucket
)

union all

-- A vital is told each time that its page is hidden and it has changed: the latest counts, once a page.
-- LCP, INP, FCP and TTFB are in milliseconds. CLS has no unit and is counted in thousandths: good below 100, poor from 250.
select site, {day:Date} as day, path, metric,
       bucket as bucket_from,
       arrayFirst(edge -> edge > bucket, if(metric = 'CLS', {shift_edges:Array(UInt32)}, {edges:Array(UInt32)})) as bucket_to,
       samples,
       0 as daily_ids,
       0 as identities,
       0 as without_id
from (
  select site, path, name as metric,
         if(name = 'CLS',
            -- A Float32 of 0.01 is a little less than that.
            roundDown(toUInt32(floor(least(greatest(latest, 0), 1000) * 1000 + 0.001)), {shift_edges:Array(UInt32)}),
            roundDown(toUInt32(floor(least(greatest(latest, 0), 86400000))), {edges:Array(UInt32)})) as bucket,
         count() as samples
  from (
    select site, path, name, argMax(value, seq) as latest
    from day_rows
    where type = 'vital'
    group by site, page, path, name
  )
  group by site, path, metric, bucket
)

union all

-- Each visitor once a page: for the phases, which come together, under the metric `timing`; for each vital under its own.
select site, {day:Date} as day, path, metric,
       0                                                  as bucket_from,
       0                                                  as bucket_to,
       0                                                  as samples,
       countIf(visitor between 1 and 9223372036854775807) as daily_ids,
       countIf(visitor >= 9223372036854775808)            as identities,
       countIf(visitor = 0)                               as without_id
from (
  select site, path, if(type = 'vital', name, type) as metric, visitor,
         if(visitor = 0, page, 0) as lone_page
  from day_rows
  where type in ('timing', 'vital')
  group by site, path, metric, visitor, lone_page
)
group by site, path, metric
