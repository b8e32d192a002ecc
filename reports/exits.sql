-- Exits: how pages were left, as far as a page can see that.
--
-- Parameters: site String; from, to Date, the site's local days, both included; minimum UInt32, see the
-- last note (1: off).
-- Columns:
--   path         page that was left
--   method       link, form, back_forward, script, unknown
--   target_host  where to, where consent allows it
--   exits        times
--   visitors     people who left so
-- Note: unknown is a closed page, a typed address, a reload or another site: a page that is left cannot tell
--       them apart; the next page sees reloads and typed addresses (report sources).
-- Note, several days: Visitors are the sum of each day's visitors, so who came on two days counts twice.
-- Note: Many people behind one address count as few visitors; who has no id at all is not among them.
-- Note, minimum: Rows of fewer than {minimum} visitors on every day are added up as (other), where a visitor counts once
--       for each of them, or left out. Who has no id counts as none of these visitors.
with
  days as (
    select day, path, method, target_host,
           sum(exits)      as exits,
           sum(daily_ids)  as ids,
           sum(identities) as known
    from rollup_exits
    where site = {site:String} and day between {from:Date} and {to:Date}
    group by day, path, method, target_host
  ),
  totals as (
    select path, method, target_host,
           sum(days.exits) as exits,
           -- Ids of a day have 24 bits, so some visitors share one: corrected for occupancy.
           sum(-16777216 * log(1 - least(ids, 16777215) / 16777216) + known) as visitors,
           max(ids + known) as size
    from days
    group by path, method, target_host
  ),
  -- From the smallest row up: how many the rows below it have together.
  ranked as (
    select *,
           sum(size) over (
             order by size, path, method, target_host
             rows between unbounded preceding and 1 preceding
           ) as below
    from totals
  ),
  -- Rows below the minimum are merged, and the next smallest with them for as long as they are too few together.
  merged as (
    select *,
           {minimum:UInt32} > 1 and (size < {minimum:UInt32} or (below > 0 and below < {minimum:UInt32})) as is_merged,
           if(is_merged, '(other)', path) as shown_path,
           if(is_merged, '', method)      as shown_method,
           if(is_merged, '', target_host) as shown_target_host
    from ranked
  )
select shown_path                     as path,
       shown_method                   as method,
       shown_target_host              as target_host,
       sum(exits)                     as exits,
       toUInt64(round(sum(visitors))) as visitors
from merged
group by is_merged, shown_path, shown_method, shown_target_host
-- Still too few: left out.
having not is_merged or sum(size) >= {minimum:UInt32}
order by is_merged, exits desc, path, method, target_host
limit 10000
