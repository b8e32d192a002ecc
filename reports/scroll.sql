-- Scroll: how far down pages were read.
--
-- Parameters: site String; from, to Date, the site's local days, both included; minimum UInt32, see the
-- last note (1: off).
-- Columns:
--   path      page
--   decile    tenth of the page: 1 the top … 10 the end
--   pages     page views that reached it
--   share     of all views of the page
--   visitors  people who scrolled on the page, the same for all its tenths
-- Note: Before consent only quarters are known: they count as the tenths 3, 5, 8 and 10, and those above them.
-- Note, several days: Visitors are the sum of each day's visitors, so who came on two days counts twice.
-- Note: Many people behind one address count as few visitors; who has no id at all is not among them.
-- Note, minimum: Pages of fewer than {minimum} visitors on every day are added up as (other), where a visitor counts once
--       for each of them, or left out. Who has no id counts as none of these visitors.
with
  days as (
    select day, path,
           sum(daily_ids)  as ids,
           sum(identities) as known
    from rollup_scroll
    where site = {site:String} and day between {from:Date} and {to:Date}
    group by day, path
  ),
  totals as (
    select path,
           -- Ids of a day have 24 bits, so some visitors share one: corrected for occupancy.
           sum(-16777216 * log(1 - least(ids, 16777215) / 16777216) + known) as people,
           max(ids + known) as size
    from days
    group by path
  ),
  -- From the smallest page up: how many the pages below it have together.
  ranked as (
    select *,
           sum(size) over (order by size, path rows between unbounded preceding and 1 preceding) as below
    from totals
  ),
  -- Pages below the minimum are merged, and the next smallest with them for as long as they are too few together.
  merged as (
    select path, people, size,
           {minimum:UInt32} > 1 and (size < {minimum:UInt32} or (below > 0 and below < {minimum:UInt32})) as is_merged
    from ranked
  ),
  reached as (
    select path, decile, sum(rollup_scroll.pages) as pages
    from rollup_scroll
    where site = {site:String} and day between {from:Date} and {to:Date} and decile > 0
    group by path, decile
  ),
  seen as (
    select path, sum(rollup_pages.views) as views
    from rollup_pages
    where site = {site:String} and day between {from:Date} and {to:Date}
    group by path
  ),
  -- The same for each page shown: (other) is one of them.
  shown as (
    select if(is_merged, '(other)', merged.path) as shown_path, is_merged,
           sum(people)     as people,
           sum(size)       as size,
           sum(seen.views) as views
    from merged
    left join seen on seen.path = merged.path
    group by shown_path, is_merged
  ),
  counted as (
    select if(is_merged, '(other)', reached.path) as shown_path, is_merged, decile, sum(reached.pages) as pages
    from reached
    join merged on merged.path = reached.path
    group by shown_path, is_merged, decile
  )
select counted.shown_path                                      as path,
       counted.decile                                          as decile,
       counted.pages                                           as pages,
       -- A view of yesterday may be scrolled today.
       round(least(1, counted.pages / greatest(shown.views, 1)), 4) as share,
       toUInt64(round(shown.people))                           as visitors
from counted
join shown on shown.shown_path = counted.shown_path and shown.is_merged = counted.is_merged
-- Still too few: left out.
where not shown.is_merged or shown.size >= {minimum:UInt32}
order by shown.is_merged, shown.views desc, path, decile
limit 10000
