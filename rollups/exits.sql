-- Exits: how pages were left, as far as the page could see.
select site, {day:Date} as day, hour, path, kind as method, target_host,
       count() as exits,
       0       as daily_ids,
       0       as identities,
       0       as without_id
from day_rows
where type = 'exit'
group by site, hour, path, method, target_host

union all

select site, {day:Date} as day, first_hour as hour, path, method, target_host,
       0                                                  as exits,
       countIf(visitor between 1 and 9223372036854775807) as daily_ids,
       countIf(visitor >= 9223372036854775808)            as identities,
       countIf(visitor = 0)                               as without_id
from (
  select site, path, kind as method, target_host, visitor,
         if(visitor = 0, page, 0) as lone_page, min(hour) as first_hour
  from day_rows
  where type = 'exit'
  group by site, path, method, target_host, visitor, lone_page
)
group by site, first_hour, path, method, target_host
