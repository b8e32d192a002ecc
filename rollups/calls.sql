-- Calls: clicks on tel: links and imported calls, by dialled number, country and area.
select site, {day:Date} as day, hour, dialled, country, area,
       countIf(type = 'click')            as clicks,
       countIf(type = 'call')             as calls,
       sumIf(duration_ms, type = 'call')  as duration_ms,
       0                                  as daily_ids,
       0                                  as identities,
       0                                  as without_id
from day_rows
where type = 'call' or (type = 'click' and kind = 'tel')
group by site, hour, dialled, country, area

union all

-- Who clicked; a call has nobody.
select site, {day:Date} as day, first_hour as hour, dialled, country, area,
       0                                                  as clicks,
       0                                                  as calls,
       0                                                  as duration_ms,
       countIf(visitor between 1 and 9223372036854775807) as daily_ids,
       countIf(visitor >= 9223372036854775808)            as identities,
       countIf(visitor = 0)                               as without_id
from (
  select site, dialled, country, area, visitor,
         if(visitor = 0, page, 0) as lone_page, min(hour) as first_hour
  from day_rows
  where type = 'click' and kind = 'tel'
  group by site, dialled, country, area, visitor, lone_page
)
group by site, first_hour, dialled, country, area
