-- Flows: from page to page. The page before is the one that the browser names, else an own referrer. A reload stays where it
-- was; a step back or forward keeps the referrer of the first view, which says nothing of where the visitor came from now.
with steps as (
  select site, hour, visitor, page, path, arrival, navigation,
         multiIf(arrival = 'reload',         path,
                 from_path != '',            from_path,
                 arrival = 'back_forward',   '',
                 referrer_host = '',         referrer_path,
                 '') as from_path
  from day_rows
  where type = 'pageview' and (navigation != 'consent' or arrival != '')
)
select site, {day:Date} as day, hour, from_path, path, arrival, navigation,
       count() as views,
       0       as daily_ids,
       0       as identities,
       0       as without_id
from steps
group by site, hour, from_path, path, arrival, navigation

union all

select site, {day:Date} as day, first_hour as hour, from_path, path, arrival, navigation,
       0                                                  as views,
       countIf(visitor between 1 and 9223372036854775807) as daily_ids,
       countIf(visitor >= 9223372036854775808)            as identities,
       countIf(visitor = 0)                               as without_id
from (
  select site, from_path, path, arrival, navigation, visitor,
         if(visitor = 0, page, 0) as lone_page, min(hour) as first_hour
  from steps
  group by site, from_path, path, arrival, navigation, visitor, lone_page
)
group by site, first_hour, from_path, path, arrival, navigation
