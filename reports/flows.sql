-- Flows: from page to page.
--
-- Parameters: site String; from, to Date, the site's local days, both included; minimum UInt32, see the
-- last note (1: off).
-- Columns:
--   from_path   page before; empty where the visitor came from outside, or it is not known
--   path        page
--   arrival     link, address, reload, back_forward, unknown
--   navigation  navigate, reload, back_forward, prerender, bfcache, route
--   views       page views
--   visitors    people who went that way
-- Note, several days: Visitors are the sum of each day's visitors, so who came on two days counts twice.
-- Note: Many people behind one address count as few visitors; who has no id at all is not among them.
-- Note, minimum: Rows of fewer than {minimum} visitors on every day are added up as (other), where a visitor counts once
--       for each of them, or left out. Who has no id counts as none of these visitors.
with
  days as (
    select day, from_path, path, arrival, navigation,
           sum(views)      as views,
           sum(daily_ids)  as ids,
           sum(identities) as known
    from rollup_flows
    where site = {site:String} and day between {from:Date} and {to:Date}
    group by day, from_path, path, arrival, navigation
  ),
  totals as (
    select from_path, path, arrival, navigation,
           sum(days.views) as views,
           -- Ids of a day have 24 bits, so some visitors share one: corrected for occupancy.
           sum(-16777216 * log(1 - least(ids, 16777215) / 16777216) + known) as visitors,
           max(ids + known) as size
    from days
    group by from_path, path, arrival, navigation
  ),
  -- From the smallest row up: how many the rows below it have together.
  ranked as (
    select *,
           sum(size) over (
             order by size, from_path, path, arrival, navigation
             rows between unbounded preceding and 1 preceding
           ) as below
    from totals
  ),
  -- Rows below the minimum are merged, and the next smallest with them for as long as they are too few together.
  merged as (
    select *,
           {minimum:UInt32} > 1 and (size < {minimum:UInt32} or (below > 0 and below < {minimum:UInt32})) as is_merged,
           if(is_merged, '(other)', from_path) as shown_from_path,
           if(is_merged, '', path)             as shown_path,
           if(is_merged, '', arrival)          as shown_arrival,
           if(is_merged, '', navigation)       as shown_navigation
    from ranked
  )
select shown_from_path                as from_path,
       shown_path                     as path,
       shown_arrival                  as arrival,
       shown_navigation               as navigation,
       sum(views)                     as views,
       toUInt64(round(sum(visitors))) as visitors
from merged
group by is_merged, shown_from_path, shown_path, shown_arrival, shown_navigation
-- Still too few: left out.
having not is_merged or sum(size) >= {minimum:UInt32}
order by is_merged, views desc, from_path, path, arrival, navigation
limit 10000
