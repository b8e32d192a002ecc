-- Pages: views and engaged time. A page on which consent was given begins a second time, with `navigation: consent`: that
-- is no second view, unless nothing was sent before (strict mode), and then it has an `arrival`.
select site, {day:Date} as day, hour, path, page_group,
       countIf(type = 'pageview' and (navigation != 'consent' or arrival != '')) as views,
       sum(active_ms)                                                            as active_ms,
       sum(visible_ms)                                                           as visible_ms,
       0                                                                         as daily_ids,
       0                                                                         as identities,
       0                                                                         as without_id
from day_rows
where type in ('pageview', 'engagement')
group by site, hour, path, page_group

union all

-- Each visitor once a page, in the hour of the first view; who has no id counts by pages, under `without_id`.
select site, {day:Date} as day, first_hour as hour, path, page_group,
       0                                                  as views,
       0                                                  as active_ms,
       0                                                  as visible_ms,
       countIf(visitor between 1 and 9223372036854775807) as daily_ids,
       countIf(visitor >= 9223372036854775808)            as identities,
       countIf(visitor = 0)                               as without_id
from (
  select site, path, page_group, visitor,
         if(visitor = 0, page, 0) as lone_page, min(hour) as first_hour
  from day_rows
  where type = 'pageview' and (navigation != 'consent' or arrival != '')
  group by site, path, page_group, visitor, lone_page
)
group by site, first_hour, path, page_group
