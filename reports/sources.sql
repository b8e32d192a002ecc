-- Sources: where visitors came from.
--
-- Parameters: site String; from, to Date, the site's local days, both included; minimum UInt32, see the
-- last note (1: off).
-- Columns:
--   arrival          link, address (typed, or a bookmark), reload, back_forward, unknown
--   referrer_host    site that linked here
--   referrer_path    page that linked here, where consent allows it
--   campaign_source  utm_source
--   campaign_medium  utm_medium
--   campaign_name    utm_campaign
--   views            page views that came from there
--   visitors         people who came from there
-- Note: Links from page to page of the site are in the report flows.
-- Note, several days: Visitors are the sum of each day's visitors, so who came on two days counts twice.
-- Note: Many people behind one address count as few visitors; who has no id at all is not among them.
-- Note, minimum: Rows of fewer than {minimum} visitors on every day are added up as (other), where a visitor counts once
--       for each of them, or left out. Who has no id counts as none of these visitors.
with
  days as (
    select day, arrival, referrer_host, referrer_path, campaign_source, campaign_medium, campaign_name,
           sum(views)      as views,
           sum(daily_ids)  as ids,
           sum(identities) as known
    from rollup_sources
    where site = {site:String} and day between {from:Date} and {to:Date}
    group by day, arrival, referrer_host, referrer_path, campaign_source, campaign_medium, campaign_name
  ),
  totals as (
    select arrival, referrer_host, referrer_path, campaign_source, campaign_medium, campaign_name,
           sum(days.views) as views,
           -- Ids of a day have 24 bits, so some visitors share one: corrected for occupancy.
           sum(-16777216 * log(1 - least(ids, 16777215) / 16777216) + known) as visitors,
           max(ids + known) as size
    from days
    group by arrival, referrer_host, referrer_path, campaign_source, campaign_medium, campaign_name
  ),
  -- From the smallest row up: how many the rows below it have together.
  ranked as (
    select *,
           sum(size) over (
             order by size, arrival, referrer_host, referrer_path, campaign_source, campaign_medium, campaign_name
             rows between unbounded preceding and 1 preceding
           ) as below
    from totals
  ),
  -- Rows below the minimum are merged, and the next smallest with them for as long as they are too few together.
  merged as (
    select *,
           {minimum:UInt32} > 1 and (size < {minimum:UInt32} or (below > 0 and below < {minimum:UInt32})) as is_merged,
           if(is_merged, '(other)', arrival)  as shown_arrival,
           if(is_merged, '', referrer_host)   as shown_referrer_host,
           if(is_merged, '', referrer_path)   as shown_referrer_path,
           if(is_merged, '', campaign_source) as shown_campaign_source,
           if(is_merged, '', campaign_medium) as shown_campaign_medium,
           if(is_merged, '', campaign_name)   as shown_campaign_name
    from ranked
  )
select shown_arrival                  as arrival,
       shown_referrer_host            as referrer_host,
       shown_referrer_path            as referrer_path,
       shown_campaign_source          as campaign_source,
       shown_campaign_medium          as campaign_medium,
       shown_campaign_name            as campaign_name,
       sum(views)                     as views,
       toUInt64(round(sum(visitors))) as visitors
from merged
group by is_merged, shown_arrival, shown_referrer_host, shown_referrer_path,
         shown_campaign_source, shown_campaign_medium, shown_campaign_name
-- Still too few: left out.
having not is_merged or sum(size) >= {minimum:UInt32}
order by is_merged, views desc, arrival, referrer_host, referrer_path, campaign_source, campaign_medium, campaign_name
limit 10000
