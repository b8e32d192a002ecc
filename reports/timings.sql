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
-- Note, minimum: What has fewer than {minimum} visitors on a day is, on that day, added up as (other), where a visitor
--       counts once for each page, or left out. Who has no id counts as none of these visitors.
with
  -- Visitors are counted once for all phases of a navigation (`timing`), and once for each vital.
  days as (
    select day, path,
           if(metric in ('TTFB', 'FCP', 'LCP', 'INP', 'CLS'), metric, 'timing') as family,
           groupArrayIf((metric, bucket_from, bucket_to, samples), samples > 0) as buckets,
           sum(daily_ids)  as ids,
           sum(identities) as known,
           ids + known     as size,
           -- Ids of a day have 24 bits, so some visitors share one: corrected for occupancy.
           toUInt64(round(-16777216 * log(1 - least(ids, 16777215) / 16777216) + known)) as visitors
    from rollup_timings
    where site = {site:String} and day between {from:Date} and {to:Date}
    group by day, path, family
  ),
  -- The minimum is each day's own, so that every period is the sum of its days as they are shown: the difference of two
  -- periods says no more than the days between them.
  ranked as (
    select *,
           (size, path) as place,
           size < {minimum:UInt32} as is_small,
           countIf(is_small)          over of_day as small_rows,
           sumIf(size, is_small)      over of_day as small_size,
           minIf(place, not is_small) over of_day as next_place,
           sum(size)                  over of_day as size_of_all
    from days
    window of_day as (partition by day, family)
  ),
  -- Pages below the minimum are merged, and the next smallest with them where they are too few together.
  shown as (
    select *,
           {minimum:UInt32} > 1
             and (is_small or (small_rows > 0 and small_size < {minimum:UInt32} and place = next_place)) as is_merged,
           if(is_merged, '(other)', path) as shown_path
    from ranked
    -- Too few on all pages together: left out.
    where {minimum:UInt32} <= 1 or size_of_all >= {minimum:UInt32}
  ),
  -- A day's visitors of a page go with the first of its buckets, or with none, so that they count once.
  measured as (
    select is_merged, shown_path, family,
           bucket.1 as metric, bucket.2 as bucket_from, bucket.3 as bucket_to,
           sum(bucket.4)                     as samples,
           sumIf(shown.visitors, place <= 1) as first_visitors
    from shown
    left array join buckets as bucket, arrayEnumerate(buckets) as place
    group by is_merged, shown_path, family, metric, bucket_from, bucket_to
  ),
  counted as (
    select *, sum(first_visitors) over (partition by is_merged, shown_path, family) as visitors
    from measured
  ),
  -- One array for each: the buckets in order, and how many samples there are up to the end of each.
  sorted as (
    select is_merged, shown_path, metric, visitors,
           arraySort(groupArray((bucket_from, bucket_to, samples))) as steps,
           arrayCumSum(arrayMap(step -> step.3, steps))             as reached,
           reached[-1]                                              as all_samples
    from counted
    where samples > 0
    group by is_merged, shown_path, metric, visitors
  ),
  figures as (
    select is_merged, shown_path, metric, visitors, all_samples,
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
select shown_path                    as path,
       metric,
       all_samples                   as samples,
       toUInt32(round(quantiles[1])) as median_ms,
       toUInt32(round(quantiles[2])) as p75_ms,
       toUInt32(round(quantiles[3])) as p95_ms,
       visitors
from figures
order by is_merged,
         max(samples) over (partition by is_merged, path) desc,
         path,
         indexOf(['redirect', 'dns', 'connect', 'tls', 'request', 'response', 'ttfb', 'interactive', 'dcl', 'load',
                  'TTFB', 'FCP', 'LCP', 'INP', 'CLS'], metric)
