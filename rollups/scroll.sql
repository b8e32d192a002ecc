-- Scroll: how many page views reached each tenth of the document. Events say which tenths are newly reached, so each counts
-- once a page.
select site, {day:Date} as day, path, decile,
       count() as pages,
       0       as daily_ids,
       0       as identities,
       0       as without_id
from (
  select site, path, arrayJoin(range(scroll_from, least(scroll_to, 10) + 1)) as decile
  from day_rows
  where type = 'engagement' and scroll_from between 1 and 10
)
group by site, path, decile

union all

-- Each visitor once a page, under the decile 0.
select site, {day:Date} as day, path,
       0                                                  as decile,
       0                                                  as pages,
       countIf(visitor between 1 and 9223372036854775807) as daily_ids,
       countIf(visitor >= 9223372036854775808)            as identities,
       countIf(visitor = 0)                               as without_id
from (
  select site, path, visitor,
         if(visitor = 0, page, 0) as lone_page
  from day_rows
  where type = 'engagement' and scroll_from between 1 and 10
  group by site, path, visitor, lone_page
)
group by site, path
