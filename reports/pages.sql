-- Pages: what was looked at, how often and for how long.
--
-- Parameters: site String; from, to Date, the site's local days, both included; minimum UInt32, see the
-- last note (1: off).
-- Columns:
--   path        page, without its parameters
--   page_group  the group of the configuration that it belongs to
--   views       page views
--   active_ms   engaged time of a view on average: visible, focused, not idle
--   visible_ms  time in view on average
--   visitors    people who saw it
-- Note, several days: Visitors are the sum of each day's visitors, so who came on two days counts twice.
-- Note: Many people behind one address count as few visitors; who has no id at all is not among them.
-- Note, minimum: What has fewer than {minimum} visitors on a day is, on that day, added up as (other), where a visitor
--       counts once for each row, or left out. Who has no id counts as none of these visitors.
with
  days as (
    select day, path, page_group,
           sum(views)      as views,
           sum(active_ms)  as active_ms,
           sum(visible_ms) as visible_ms,
           sum(daily_ids)  as ids,
           sum(identities) as known,
           ids + known     as size,
           -- Ids of a day have 24 bits, so some visitors share one: corrected for occupancy.
           toUInt64(round(-16777216 * log(1 - least(ids, 16777215) / 16777216) + known)) as visitors
    from rollup_pages
    where site = {site:String} and day between {from:Date} and {to:Date}
    group by day, path, page_group
  ),
  -- The minimum is each day's own, so that every period is the sum of its days as they are shown: the difference of two
  -- periods says no more than the days between them.
  ranked as (
    select *,
           (size, path, page_group) as place,
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
           if(is_merged, '', page_group)  as shown_page_group
    from ranked
    -- Too few in all rows together: left out.
    where {minimum:UInt32} <= 1 or size_of_all >= {minimum:UInt32}
  )
select shown_path                                                      as path,
       shown_page_group                                                as page_group,
       sum(shown.views)                                                as views,
       toUInt64(sum(shown.active_ms) / greatest(sum(shown.views), 1))  as active_ms,
       toUInt64(sum(shown.visible_ms) / greatest(sum(shown.views), 1)) as visible_ms,
       sum(shown.visitors)                                             as visitors
from shown
group by is_merged, shown_path, shown_page_group
order by is_merged, views desc, path, page_group
