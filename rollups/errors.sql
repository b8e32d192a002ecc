-- Errors: what failed, and on which page.
select site, {day:Date} as day, hour, kind, tag, resource, status, message, path,
       count() as errors,
       0       as daily_ids,
       0       as identities
from day_rows(day = {day:Date}, slice = {slice:UInt32}, slices = {slices:UInt32})
where type = 'error'
group by site, hour, kind, tag, resource, status, message, path

union all

select site, {day:Date} as day, first_hour as hour, kind, tag, resource, status, message, path,
       0                                       as errors,
       countIf(visitor < 9223372036854775808)  as daily_ids,
       countIf(visitor >= 9223372036854775808) as identities
from (
  select site, kind, tag, resource, status, message, path, visitor, min(hour) as first_hour
  from day_rows(day = {day:Date}, slice = {slice:UInt32}, slices = {slices:UInt32})
  where type = 'error' and visitor != 0
  group by site, kind, tag, resource, status, message, path, visitor
)
group by site, first_hour, kind, tag, resource, status, message, path
