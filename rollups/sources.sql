-- Sources: page views that were not reached by a link on the site itself. A reload and a step back or forward keep the
-- referrer and the campaign of the first view, so for them both are blank: that source has been counted already.
with
  views as (
    select *
    from day_rows
    where type = 'pageview'
      and navigation != 'route'
      and (navigation != 'consent' or arrival != '')
      -- From another page of the site: an own referrer is a path without a host.
      and not (arrival in ('link', 'unknown', '') and referrer_host = '' and (referrer_path != '' or from_path != ''))
  ),
  entries as (
    select site, hour, visitor, page, arrival,
           arrival in ('reload', 'back_forward') as is_again,
           if(is_again, '', views.referrer_host)   as referrer_host,
           if(is_again, '', views.referrer_path)   as referrer_path,
           if(is_again, '', views.campaign_source) as campaign_source,
           if(is_again, '', views.campaign_medium) as campaign_medium,
           if(is_again, '', views.campaign_name)   as campaign_name
    from views
  )
select site, {day:Date} as day, hour, arrival, referrer_host, referrer_path,
       campaign_source, campaign_medium, campaign_name,
       count() as views,
       0       as daily_ids,
       0       as identities,
       0       as without_id
from entries
group by site, hour, arrival, referrer_host, referrer_path, campaign_source, campaign_medium, campaign_name

union all

select site, {day:Date} as day, first_hour as hour, arrival, referrer_host, referrer_path,
       campaign_source, campaign_medium, campaign_name,
       0                                                  as views,
       countIf(visitor between 1 and 9223372036854775807) as daily_ids,
       countIf(visitor >= 9223372036854775808)            as identities,
       countIf(visitor = 0)                               as without_id
from (
  select site, arrival, referrer_host, referrer_path, campaign_source, campaign_medium, campaign_name, visitor,
         if(visitor = 0, page, 0) as lone_page, min(hour) as first_hour
  from entries
  group by site, arrival, referrer_host, referrer_path, campaign_source, campaign_medium, campaign_name, visitor, lone_page
)
group by site, first_hour, arrival, referrer_host, referrer_path, campaign_source, campaign_medium, campaign_name
