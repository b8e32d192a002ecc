-- Actions: clicks by kind, named element, where they lead, and dialled number.
select site, {day:Date} as day, hour, kind, target, target_host, target_path, dialled, frustration,
       count() as clicks,
       0       as daily_ids,
       0       as identities
from day_rows(day = {day:Date}, slice = {slice:UInt32}, slices = {slices:UInt32})
where type = 'click'
group by site, hour, kind, target, target_host, target_path, dialled, frustration

union all

select site, {day:Date} as day, first_hour as hour, kind, target, target_host, target_path, dialled, frustration,
       0                                       as clicks,
       countIf(visitor < 9223372036854775808)  as daily_ids,
       countIf(visitor >= 9223372036854775808) as identities
from (
  select site, kind, target, target_host, target_path, dialled, frustration, visitor, min(hour) as first_hour
  from day_rows(day = {day:Date}, slice = {slice:UInt32}, slices = {slices:UInt32})
  where type = 'click' and visitor != 0
  group by site, kind, target, target_host, target_path, dialled, frustration, visitor
)
group by site, first_hour, kind, target, target_host, target_path, dialled, frustration
