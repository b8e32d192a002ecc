-- Totals: how many rows of each type and consent level.
select site, {day:Date} as day, hour, type, consent,
       count()      as events,
       0            as daily_ids,
       0            as identities,
       min(expires) as raw_expires
from day_rows(day = {day:Date}, slice = {slice:UInt32}, slices = {slices:UInt32})
group by site, hour, type, consent

union all

-- Each visitor once, in the hour of the first row.
select site, {day:Date} as day, first_hour as hour, type, consent,
       0                                       as events,
       countIf(visitor < 9223372036854775808)  as daily_ids,
       countIf(visitor >= 9223372036854775808) as identities,
       min(first_expires)                      as raw_expires
from (
  select site, type, consent, visitor, min(hour) as first_hour, min(expires) as first_expires
  from day_rows(day = {day:Date}, slice = {slice:UInt32}, slices = {slices:UInt32})
  where visitor != 0
  group by site, type, consent, visitor
)
group by site, first_hour, type, consent
