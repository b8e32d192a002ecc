-- Exits: how pages were left, as the page itself and the next one saw it.
--
-- Parameters: site String; from, to Date, the site's local days, both included; minimum UInt32, see the
-- last note (1: off).
-- Columns:
--   path         page that was left
--   method       link, form, back_forward, script: as the page saw it; reload, address (and others of which only the next page
--                tells): as the next page of the site saw it; closed or other site: neither did; hidden, never came back: the
--                page told of no exit
--   target_host  where to, where consent allows it
--   exits        times
--   visitors     people who left so
-- Note: A page cannot see that it is closed, reloaded or left by a typed address. Where the next page of the site tells of
--       a reload, or names the page before, that is taken; all else is closed or other site.
-- Note: Hidden, never came back is a page that told of no exit: it was left in the background, as on phones, or is still open.
-- Note, several days: Visitors are the sum of each day's visitors, so who came on two days counts twice.
-- Note: Many people behind one address count as few visitors; who has no id at all is not among them.
-- Note, minimum: What has fewer than {minimum} visitors on a day is, on that day, added up as (other), where a visitor
--       counts once for each row, or left out. Who has no id counts as none of these visitors.
with
  days as (
    select day, path, method, target_host,
           sum(exits)      as exits,
           sum(daily_ids)  as ids,
           sum(identities) as known,
           ids + known     as size,
           -- Ids of a day have 24 bits, so some visitors share one: corrected for occupancy.
           toUInt64(round(-16777216 * log(1 - least(ids, 16777215) / 16777216) + known)) as visitors
    from rollup_exits
    where site = {site:String} and day between {from:Date} and {to:Date}
    group by day, path, method, target_host
  ),
  -- The minimum is each day's own, so that every period is the sum of its days as they are shown: the difference of two
  -- periods says no more than the days between them.
  ranked as (
    select *,
           (size, path, method, target_host) as place,
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
           if(is_merged, '(other)', path) as shown_path,
           multiIf(is_merged,         '',
                   method = 'closed', 'closed or other site',
                   method = 'hidden', 'hidden, never came back',
                   method)                as shown_method,
           if(is_merged, '', target_host) as shown_target_host
    from ranked
    -- Too few in all rows together: left out.
    where {minimum:UInt32} <= 1 or size_of_all >= {minimum:UInt32}
  )
select shown_path          as path,
       shown_method        as method,
       shown_target_host   as target_host,
       sum(shown.exits)    as exits,
       sum(shown.visitors) as visitors
from shown
group by is_merged, shown_path, shown_method, shown_target_host
order by is_merged, exits desc, path, method, target_host
