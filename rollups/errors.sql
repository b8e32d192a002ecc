-- Errors: what failed, and on which page.
select site, {day:Date} as day, hour, kind, tag, resource, status, message, path,
       count() as errors,
       0       as daily_ids,
       0       as identities,
       0       as without_id
from day_rows
where type = 'error'
group by site, hour, kind, tag, resource, status, message, path

union all

select site, {day:Date} as day, first_hour as hour, kind, tag, resource, status, message, path,
       0                                                  as errors,
       countIf(visitor between 1 and 9223372036854775807) as daily_ids,
       countIf(visitor >= 9223372036854775808)            as identities,
       countIf(visitor = 0)                               as without_id
from (
  select site, kind, tag, resource, status, message, path, visitor,
         if(visitor = 0, page, 0) as lone_page, min(hour) as first_hour
  from day_rows
  where type = 'error'
  group by site, kind, tag, resource, status, message, path, visitor, lone_page
)
group by site, first_hour, kind, tag, resource, status, message, path
