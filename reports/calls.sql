-- Calls: clicks on phone numbers, and the calls that came, by dialled number.
--
-- Parameters: site String; from, to Date, the site's local days, both included; minimum UInt32, see the
-- last note (1: off).
-- Columns:
--   dialled   number of the site; empty where a click's may not be kept
--   country   of the visitor who clicked, or of the caller's number
--   area      area code of the caller's number, where its plan tells; clicks have none
--   clicks    clicks on tel: links
--   visitors  people who clicked
--   calls     imported calls
--   seconds   their length in all
-- Note: Clicks and calls are counted apart: who clicks may not call, and who calls need not have clicked.
-- Note: Calls are there once they are imported; of callers only country and area are known, so calls are not people.
-- Note, several days: Visitors are the sum of each day's visitors, so who came on two days counts twice.
-- Note, minimum: What has fewer than {minimum} visitors on a day, or fewer calls than that where there are calls, is, on that
--       day, added up as (other), or left out. Who has no id counts as none of these visitors.
with
  days as (
    select day, dialled, country, area,
           sum(clicks)                             as clicks,
           sum(calls)                              as calls,
           intDiv(sum(duration_ms) + 500, 1000)    as seconds,
           sum(daily_ids)                          as ids,
           sum(identities)                         as known,
           -- A row that tells of both has to be large enough by either.
           multiIf(calls = 0, ids + known, clicks = 0, calls, least(ids + known, calls)) as size,
           -- Ids of a day have 24 bits, so some visitors share one: corrected for occupancy.
           toUInt64(round(-16777216 * log(1 - least(ids, 16777215) / 16777216) + known)) as visitors
    from rollup_calls
    where site = {site:String} and day between {from:Date} and {to:Date}
    group by day, dialled, country, area
  ),
  -- The minimum is each day's own, so that every period is the sum of its days as they are shown: the difference of two
  -- periods says no more than the days between them.
  ranked as (
    select *,
           (size, dialled, country, area) as place,
           size < {minimum:UInt32} as is_small,
           countIf(is_small)          over of_day as small_rows,
           sumIf(size, is_small)      over of_day as small_size,
           minIf(place, not is_small) over of_day as next_place,
           sum(size)                  over of_day as size_of_all
    from days
    window of_day as (partition by day)
  ),
  -- Rows below the minimum are merged, and the next smallest with them where they are too few together.
  shown as (
    select *,
           {minimum:UInt32} > 1
             and (is_small or (small_rows > 0 and small_size < {minimum:UInt32} and place = next_place)) as is_merged,
           if(is_merged, '(other)', dialled) as shown_dialled,
           if(is_merged, '', country)        as shown_country,
           if(is_merged, '', area)           as shown_area
    from ranked
    -- Too few in all rows together: left out.
    where {minimum:UInt32} <= 1 or size_of_all >= {minimum:UInt32}
  )
select shown_dialled       as dialled,
       shown_country       as country,
       shown_area          as area,
       sum(shown.clicks)   as clicks,
       sum(shown.visitors) as visitors,
       sum(shown.calls)    as calls,
       sum(shown.seconds)  as seconds
from shown
group by is_merged, shown_dialled, shown_country, shown_area
order by is_merged, calls desc, clicks desc, dialled, country, area
