-- Audience: page views and visitors by one property at a time. Two properties together would single people out, so they are
-- never kept together here.
with views as (
  select site, hour, visitor, page,
         arrayJoin([
           ('country',  country),
           ('browser',  browser),
           ('system',   system),
           ('device',   device),
           ('screen',   screen),
           ('language', language)
         ]) as property
  from day_rows
  where type = 'pageview' and (navigation != 'consent' or arrival != '')
)
select site, {day:Date} as day, hour, property.1 as dimension, property.2 as value,
       count() as views,
       0       as daily_ids,
       0       as identities,
       0       as without_id
from views
group by site, hour, dimension, value

union all

select site, {day:Date} as day, first_hour as hour, dimension, value,
       0                                                  as views,
       countIf(visitor between 1 and 9223372036854775807) as daily_ids,
       countIf(visitor >= 9223372036854775808)            as identities,
       countIf(visitor = 0)                               as without_id
from (
  select site, property.1 as dimension, property.2 as value, visitor,
         if(visitor = 0, page, 0) as lone_page, min(hour) as first_hour
  from views
  group by site, dimension, value, visitor, lone_page
)
group by site, first_hour, dimension, value
