-- Audience: countries, browsers, systems, devices, screens and languages.
--
-- Parameters: site String; from, to Date, the site's local days, both included; minimum UInt32, see the
-- last note (1: off).
-- Columns:
--   dimension  country, browser, system, device, screen, language
--   value      its value; (unknown) where there is none
--   views      page views
--   visitors   people
-- Note, several days: Visitors are the sum of each day's visitors, so who came on two days counts twice.
-- Note: Many people behind one address count as few visitors; who has no id at all is not among them.
-- Note, minimum: Rows of fewer than {minimum} visitors on every day are added up as (other), where a visitor counts once
--       for each of them, or left out. Who has no id counts as none of these visitors.
with
  days as (
    select day, dimension, value,
           sum(views)      as views,
           sum(daily_ids)  as ids,
           sum(identities) as known
    from rollup_audience
    where site = {site:String} and day between {from:Date} and {to:Date}
    group by day, dimension, value
  ),
  totals as (
    select dimension, value,
           sum(days.views) as views,
           -- Ids of a day have 24 bits, so some visitors share one: corrected for occupancy.
           sum(-16777216 * log(1 - least(ids, 16777215) / 16777216) + known) as visitors,
           max(ids + known) as size
    from days
    group by dimension, value
  ),
  -- From the smallest row up: how many the rows below it have together.
  ranked as (
    select *,
           sum(size) over (
             partition by dimension order by size, dimension, value
             rows between unbounded preceding and 1 preceding
           ) as below
    from totals
  ),
  -- Rows below the minimum are merged, and the next smallest with them for as long as they are too few together.
  merged as (
    select *,
           {minimum:UInt32} > 1 and (size < {minimum:UInt32} or (below > 0 and below < {minimum:UInt32})) as is_merged,
           if(is_merged, '(other)', if(value = '', '(unknown)', value)) as shown_value
    from ranked
  )
select dimension,
       shown_value                    as value,
       sum(views)                     as views,
       toUInt64(round(sum(visitors))) as visitors
from merged
group by is_merged, dimension, shown_value
-- Still too few: left out.
having not is_merged or sum(size) >= {minimum:UInt32}
order by dimension, is_merged, visitors desc, views desc, value
limit 10000
