-- Actions: clicks by kind, named element, where they lead, and dialled number.
select site, {day:Date} as day, hour, kind, target, target_host, target_path, dialled, frustration,
       count() as clicks,
       0       as daily_ids,
       0       as identities,
       0       as without_id
from day_rows
where type = 'click'
group by site, hour, kind, target, target_host, target_path, dialled, frustration

union all

select site, {day:Date} as day, first_hour as hour, kind, target, target_host, target_path, dialled, frustration,
       0                                                  as clicks,
       countIf(visitor between 1 and 9223372036854775807) as daily_ids,
       countIf(visitor >= 9223372036854775808)            as identities,
       countIf(visitor = 0)                               as without_id
from (
  select site, kind, target, target_host, target_path, dialled, frustration, visitor,
         if(visitor = 0, page, 0) as lone_page, min(hour) as first_hour
  from day_rows
  where type = 'click'
  group by site, kind, target, target_host, target_path, dialled, frustration, visitor, lone_page
)
group by site, first_hour, kind, target, target_host, target_path, dialled, frustration
