-- Audience: page views and visitors by one property at a time. Two properties together would single people out, so they are
-- never kept together here.
--
-- Rows that agree in all properties are counted before the properties are told apart: six times as many rows would
-- otherwise be counted one by one (10 M raw rows: 2 s instead of 6).
select site, {day:Date} as day, hour, property.1 as dimension, property.2 as value,
       sum(n) as views,
       0      as daily_ids,
       0      as identities,
       0      as without_id
from (
  select site, hour, n,
         arrayJoin([
           ('country',  country),
           ('browser',  browser),
           ('system',   system),
           ('device',   device),
           ('screen',   screen),
           ('language', language)
         ]) as property
  from (
    select site, hour, country, browser, system, device, screen, language, count() as n
    from day_rows
    where type = 'pageview' and (navigation != 'consent' or arrival != '')
    group by site, hour, country, browser, system, device, screen, language
  )
)
group by site, hour, dimension, value

union all

select site, {day:Date} as day, first_hour as hour, dimension, value,
       0                                                  as views,
       countIf(visitor between 1 and 9223372036854775807) as daily_ids,
       countIf(visitor >= 9223372036854775808)            as identities,
       countIf(visitor = 0)                               as without_id
from (
  select site, property.1 as dimension, property.2 as value, visitor, lone_page, min(hour) as first_hour
  from (
    select site, visitor, lone_page, hour,
           arrayJoin([
             ('country',  country),
             ('browser',  browser),
             ('system',   system),
             ('device',   device),
             ('screen',   screen),
             ('language', language)
           ]) as property
    from (
      select site, visitor, if(visitor = 0, page, 0) as lone_page,
             country, browser, system, device, screen, language, min(day_rows.hour) as hour
      from day_rows
      where type = 'pageview' and (navigation != 'consent' or arrival != '')
      group by site, visitor, lone_page, country, browser, system, device, screen, language
    )
  )
  group by site, dimension, value, visitor, lone_page
)
group by site, first_hour, dimension, value
