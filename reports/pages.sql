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
-- Note, minimum: Rows of fewer than {minimum} visitors on every day are added up as (other), where a visitor counts once
--       for each of them, or left out. Who has no id counts as none of these visitors.
with
  days as (
    select day, path, page_group,
           sum(views)      as views,
           sum(active_ms)  as active_ms,
           sum(visible_ms) as visible_ms,
           sum(daily_ids)  as ids,
           sum(identities) as known
    from rollup_pages
    where site = {site:String} and day between {from:Date} and {to:Date}
    group by day, path, page_group
  ),
  totals as (
    select path, page_group,
           sum(days.views)      as views,
           sum(days.active_ms)  as active_ms,
           sum(days.visible_ms) as visible_ms,
           -- Ids of a day have 24 bits, so some visitors share one: corrected for occupancy.
           sum(-16777216 * log(1 - least(ids, 16777215) / 16777216) + known) as visitors,
           max(ids + known) as size
    from days
    group by path, page_group
  ),
  -- From the smallest row up: how many the rows below it have together.
  ranked as (
    select *,
           sum(size) over (
             order by size, path, page_group
             rows between unbounded preceding and 1 preceding
           ) as below
    from totals
  ),
  -- Rows below the minimum are merged, and the next smallest with them for as long as they are too few together.
  merged as (
    select *,
           {minimum:UInt32} > 1 and (size < {minimum:UInt32} or (below > 0 and below < {minimum:UInt32})) as is_merged,
           if(is_merged, '(other)', path) as shown_path,
           if(is_merged, '', page_group)  as shown_page_group
    from ranked
  )
select shown_path                     as path,
       shown_page_group               as page_group,
       sum(merged.views)              as views,
       toUInt64(sum(merged.active_ms) / greatest(sum(merged.views), 1)) as active_ms,
       toUInt64(sum(merged.visible_ms) / greatest(sum(merged.views), 1)) as visible_ms,
       toUInt64(round(sum(visitors))) as visitors
from merged
group by is_merged, shown_path, shown_page_group
-- Still too few: left out.
having not is_merged or sum(size) >= {minimum:UInt32}
order by is_merged, views desc, path, page_group
limit 10000
