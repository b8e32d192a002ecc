-- Errors: what failed, and on which page.
--
-- Parameters: site String; from, to Date, the site's local days, both included; minimum UInt32, see the
-- last note (1: off).
-- Columns:
--   kind      resource, download, page, script
--   tag       element that failed
--   resource  what failed: host and path, where consent allows it
--   status    HTTP status, or its class (400) before consent
--   message   of a script error, without data
--   path      page on which it failed
--   errors    times
--   visitors  people who met it
-- Note, several days: Visitors are the sum of each day's visitors, so who came on two days counts twice.
-- Note: Many people behind one address count as few visitors; who has no id at all is not among them.
-- Note, minimum: What has fewer than {minimum} visitors on a day is, on that day, added up as (other), where a visitor
--       counts once for each row, or left out. Who has no id counts as none of these visitors.
with
  days as (
    select day, kind, tag, resource, status, message, path,
           sum(errors)     as errors,
           sum(daily_ids)  as ids,
           sum(identities) as known,
           ids + known     as size,
           -- Ids of a day have 24 bits, so some visitors share one: corrected for occupancy.
           toUInt64(round(-16777216 * log(1 - least(ids, 16777215) / 16777216) + known)) as visitors
    from rollup_errors
    where site = {site:String} and day between {from:Date} and {to:Date}
    group by day, kind, tag, resource, status, message, path
  ),
  -- The minimum is each day's own, so that every period is the sum of its days as they are shown: the difference of two
  -- periods says no more than the days between them.
  ranked as (
    select *,
           (size, kind, tag, resource, status, message, path) as place,
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
           if(is_merged, '(other)', kind) as shown_kind,
           if(is_merged, '', tag)         as shown_tag,
           if(is_merged, '', resource)    as shown_resource,
           if(is_merged, 0, status)       as shown_status,
           if(is_merged, '', message)     as shown_message,
           if(is_merged, '', path)        as shown_path
    from ranked
    -- Too few in all rows together: left out.
    where {minimum:UInt32} <= 1 or size_of_all >= {minimum:UInt32}
  )
select shown_kind          as kind,
       shown_tag           as tag,
       shown_resource      as resource,
       shown_status        as status,
       shown_message       as message,
       shown_path          as path,
       sum(shown.errors)   as errors,
       sum(shown.visitors) as visitors
from shown
group by is_merged, shown_kind, shown_tag, shown_resource, shown_status, shown_message, shown_path
order by is_merged, errors desc, kind, tag, resource, status, message, path
