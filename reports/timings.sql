-- Timings: how fast pages were, as their visitors saw it.
--
-- Parameters: site String; from, to Date, the site's local days, both included; minimum UInt32, see the
-- last note (1: off).
-- Columns:
--   path       page
--   metric     redirect, dns, connect, tls, request, response: phases; ttfb, interactive, dcl, load: since the start;
--              TTFB, FCP, LCP, INP, CLS: vitals
--   samples    measurements
--   median_ms  half of them were faster
--   p75_ms     three quarters were faster
--   p95_ms     nineteen of twenty were faster
--   visitors   people who were measured
-- Note: Figures are interpolated inside buckets (contract/steps.ts); above a minute they are a minute.
-- Note: CLS has no unit: its figures are thousandths.
-- Note, several days: Visitors are the sum of each day's visitors, so who came on two days counts twice.
-- Note: Many people behind one address count as few visitors; who has no id at all is not among them.
-- Note, minimum: Pages of fewer than {minimum} visitors on every day are added up as (other), where a visitor counts once
--       for each of them, or left out. Who has no id counts as none of these visitors.
with
  -- Visitors are counted once for all phases of a navigation (`timing`), and once for each vital.
  days as (
    select day, path, metric as family,
           sum(daily_ids)  as ids,
           sum(identities) as known
    from rollup_timings
    where site = {site:String} and day between {from:Date} and {to:Date} and rollup_timings.samples = 0
    group by day, path, family
  ),
  -- What was measured only without an id has no visitors, but it was measured.
  measured as (
    select path,
           if(metric in ('TTFB', 'FCP', 'LCP', 'INP', 'CLS'), metric, 'timing') as family,
           metric, bucket_from, bucket_to,
           sum(rollup_timings.samples) as samples
    from rollup_timings
    where site = {site:String} and day between {from:Date} and {to:Date} and rollup_timings.samples > 0
    group by path, metric, bucket_from, bucket_to
  ),
  people as (
    select path, family,
           -- Ids of a day have 24 bits, so some visitors share one: corrected for occupancy.
           sum(-16777216 * log(1 - least(ids, 16777215) / 16777216) + known) as people,
           max(ids + known) as size
    from days
    group by path, family
  ),
  totals as (
    select path, family, people.people as people, people.size as size
    from (select distinct path, family from measured) as pages
    left join people on people.path = pages.path and people.family = pages.family
  ),
  -- From the smallest page up: how many the pages below it have together.
  ranked as (
    select *,
           sum(size) over (
             partition by family order by size, path
             rows between unbounded preceding and 1 preceding
           ) as below
    from totals
  ),
  -- Pages below the minimum are merged, and the next smallest with them for as long as they are too few together.
  merged as (
    select path, family, people, size,
           {minimum:UInt32} > 1 and (size < {minimum:UInt32} or (below > 0 and below < {minimum:UInt32})) as is_merged
    from ranked
  ),
  shown as (
    select if(is_merged, '(other)', path) as shown_path, is_merged, family,
           sum(merged.people) as people,
           sum(merged.size)   as size
    from merged
    group by shown_path, is_merged, family
  ),
  buckets as (
    select if(is_merged, '(other)', measured.path) as shown_path, is_merged, measured.family as family,
           metric, bucket_from, bucket_to,
           sum(measured.samples) as samples
    from measured
    join merged on merged.path = measured.path and merged.family = measured.family
    group by shown_path, is_merged, family, metric, bucket_from, bucket_to
  ),
  -- One array for each: the buckets in order, and how many samples there are up to the end of each.
  sorted as (
    select shown_path, is_merged, family, metric,
           arraySort(groupArray((bucket_from, bucket_to, samples))) as steps,
           arrayCumSum(arrayMap(step -> step.3, steps))             as reached,
           reached[-1]                                              as all_samples
    from buckets
    group by shown_path, is_merged, family, metric
  ),
  figures as (
    select shown_path, is_merged, family, metric, all_samples,
           arrayMap(
             level -> (
               arrayFirstIndex(count -> count >= level * all_samples, reached) as place,
               steps[place] as step,
               -- The last bucket has no end.
               if(step.2 = 0, step.1,
                  step.1 + (step.2 - step.1) * (level * all_samples - (reached[place] - step.3)) / step.3)
             ).3,
             [0.5, 0.75, 0.95]
           ) as quantiles
    from sorted
  )
select figures.shown_path              as path,
       figures.metric                  as metric,
       figures.all_samples             as samples,
       toUInt32(round(quantiles[1]))   as median_ms,
       toUInt32(round(quantiles[2]))   as p75_ms,
       toUInt32(round(quantiles[3]))   as p95_ms,
       toUInt64(round(shown.people))   as visitors
from figures
join shown on shown.shown_path = figures.shown_path and shown.is_merged = figures.is_merged
          and shown.family = figures.family
-- Still too few: left out.
where not shown.is_merged or shown.size >= {minimum:UInt32}
order by figures.is_merged,
         max(samples) over (partition by figures.is_merged, path) desc,
         path,
         indexOf(['redirect', 'dns', 'connect', 'tls', 'request', 'response', 'ttfb', 'interactive', 'dcl', 'load',
                  'TTFB', 'FCP', 'LCP', 'INP', 'CLS'], metric)
limit 10000
