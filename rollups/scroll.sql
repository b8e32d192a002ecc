-- Scroll: how many page views reached each tenth of the document. Events say which tenths are newly reached, so each counts
-- once a page.
select site, {day:Date} as day, hour, path, decile,
       count() as pages,
       0       as daily_ids,
       0       as identities
from (
  select site, hour, path, arrayJoin(range(scroll_from, least(scroll_to, 10) + 1)) as decile
  from day_rows(day = {day:Date}, slice = {slice:UInt32}, slices = {slices:UInt32})
  where type = 'engagement' and scroll_from between 1 and 10
)
group by site, hour, path, decile

union all

-- Each visitor once a page, under the decile 0.
select site, {day:Date} as day, first_hour as hour, path,
       0                                       as decile,
       0                                       as pages,
       countIf(visitor < 9223372036854775808)  as daily_ids,
       countIf(visitor >= 9223372036854775808) as identities
from (
  select site, path, visitor, min(hour) as first_hour
  from day_rows(day = {day:Date}, slice = {slice:UInt32}, slices = {slices:UInt32})
  where type = 'engagement' and scroll_from between 1 and 10 and visitor != 0
  group by site, path, visitor
)
group by site, first_hour, path
