-- Totals: how many rows of each type and consent level.
select site, {day:Date} as day, hour, type, consent,
       count()      as events,
       0            as daily_ids,
       0            as identities,
       0            as without_id,
       min(expires) as raw_expires
from day_rows
group by site, hour, type, consent

union all

-- Each visitor once, in the hour of the first row.
select site, {day:Date} as day, first_hour as hour, type, consent,
       0                                                  as events,
       countIf(visitor between 1 and 9223372036854775807) as daily_ids,
       countIf(visitor >= 9223372036854775808)            as identities,
       countIf(visitor = 0)                               as without_id,
       min(first_expires)                                 as raw_expires
from (
  select site, type, consent, visitor,
         if(visitor = 0, page, 0) as lone_page, min(hour) as first_hour, min(expires) as first_expires
  from day_rows
  group by site, type, consent, visitor, lone_page
)
group by site, first_hour, type, consent
