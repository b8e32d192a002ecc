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
-- Note, minimum: What has fewer than {minimum} visitors on a day is, on that day, added up as (other), where a visitor
--       counts once for each row, or left out. Who has no id counts as none of these visitors.
with
  days as (
    select day, arrival, referrer_host, referrer_path, campaign_source, campaign_medium, campaign_name,
           sum(views)      as views,
           sum(daily_ids)  as ids,
           sum(identities) as known,
           ids + known     as size,
           -- Ids of a day have 24 bits, so some visitors share one: corrected for occupancy.
           toUInt64(round(-16777216 * log(1 - least(ids, 16777215) / 16777216) + known)) as visitors
    from rollup_sources
    where site = {site:String} and day between {from:Date} and {to:Date}
    group by day, arrival, referrer_host, referrer_path, campaign_source, campaign_medium, campaign_name
  ),
  -- The minimum is each day's own, so that every period is the sum of its days as they are shown: the difference of two
  -- periods says no more than the days between them.
  ranked as (
    select *,
           (size, arrival, referrer_host, referrer_path, campaign_source, campaign_medium, campaign_name) as place,
           size < {minimum:UInt32} as is_small,
           countIf(is_small)          over of_day as small_rows,
           sumIf(size, is_small)      over of_day as small_size,
           minIf(place, not is_small) over of_day as next_place,
           sum(size)                  over of_day as size_of_all
    from days
    window of_day as (partition by day)
  ),
  -- Rows below the minimum are merged, and the next smallest with them where they are too few together.
  shown as (
    select *,
           {minimum:UInt32} > 1
             and (is_small or (small_rows > 0 and small_size < {minimum:UInt32} and place = next_place)) as is_merged,
           if(is_merged, '(other)', arrival)  as shown_arrival,
           if(is_merged, '', referrer_host)   as shown_referrer_host,
           if(is_merged, '', referrer_path)   as shown_referrer_path,
           if(is_merged, '', campaign_source) as shown_campaign_source,
           if(is_merged, '', campaign_medium) as shown_campaign_medium,
           if(is_merged, '', campaign_name)   as shown_campaign_name
    from ranked
    -- Too few in all rows together: left out.
    where {minimum:UInt32} <= 1 or size_of_all >= {minimum:UInt32}
  )
select shown_arrival         as arrival,
       shown_referrer_host   as referrer_host,
       shown_referrer_path   as referrer_path,
       shown_campaign_source as campaign_source,
       shown_campaign_medium as campaign_medium,
       shown_campaign_name   as campaign_name,
       sum(shown.views)      as views,
       sum(shown.visitors)   as visitors
from shown
group by is_merged, shown_arrival, shown_referrer_host, shown_referrer_path, shown_campaign_source,
         shown_campaign_medium, shown_campaign_name
order by is_merged, views desc, arrival, referrer_host, referrer_path, campaign_source, campaign_medium, campaign_name
