-- Totals: how many events of each type and consent level were stored.
--
-- Parameters: site String; from, to Date, the site's local days, both included.
-- No minimum group, by decision: these are figures of the whole site by type, so that no group is singled out
-- (docs/privacy.md, Small groups).
-- Columns:
--   type      pageview, engagement, exit, click, …
--   consent   exempt (anonymous measurement), granted, imported
--   events    events, each counted once however often it was sent
--   visitors  people who made one
-- Note, several days: Visitors are the sum of each day's visitors, so who came on two days counts twice.
-- Note: Many people behind one address count as few visitors; who has no id at all is not among them.
with
  days as (
    select day, type, consent,
           sum(rollup_totals.events) as events,
           sum(daily_ids)            as ids,
           sum(identities)           as known
    from rollup_totals
    where site = {site:String} and day between {from:Date} and {to:Date}
    group by day, type, consent
  )
select type, consent,
       sum(days.events) as events,
       -- Ids of a day have 24 bits, so some visitors share one: corrected for occupancy.
       toUInt64(round(sum(-16777216 * log(1 - least(ids, 16777215) / 16777216) + known))) as visitors
from days
group by type, consent
order by events desc, type, consent
