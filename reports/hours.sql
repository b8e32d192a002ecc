-- Hours: page views, events and visitors by hour of the site's own clock.
--
-- Parameters: site String; from, to Date, the site's local days, both included; timezone String, the site's.
-- No minimum group, by decision: these are figures of the whole site by hour, so that no group is singled out
-- (docs/privacy.md, Small groups).
-- Columns:
--   day       local day
--   hour      when the hour began, with its distance from UTC: 2026-10-25 03:00 comes twice where clocks go back
--   views     page views
--   events    events of all types
--   visitors  people whose first page view of the day was in this hour
-- Note: A visitor counts once a day, in the hour of the first page view, so that the hours of a day add up.
-- Note: Many people behind one address count as few visitors; who has no id at all is not among them.
with
  hours as (
    select day, hour,
           sumIf(rollup_totals.events, type = 'pageview') as views,
           sum(rollup_totals.events)                      as events,
           sumIf(daily_ids, type = 'pageview')            as ids,
           sumIf(identities, type = 'pageview')           as known
    from rollup_totals
    where site = {site:String} and day between {from:Date} and {to:Date}
    group by day, hour
  ),
  -- The correction for ids that visitors share (they have 24 bits) is the day's, spread over its hours.
  corrected as (
    select *,
           sum(ids) over (partition by day) as ids_of_day,
           if(ids_of_day = 0, 1,
              -16777216 * log(1 - least(ids_of_day, 16777215) / 16777216) / ids_of_day) as correction
    from hours
  )
select day,
       formatDateTime(corrected.hour, '%F %H:%i %z', {timezone:String}) as hour,
       views, events,
       toUInt64(round(ids * correction + known)) as visitors
from corrected
order by day, corrected.hour
