-- Errors: what failed, and on which page.
--
-- Parameters: site String; from, to Date, the site's local days, both included; minimum UInt32, see the
-- last note (1: off).
-- Columns:
--   kind      resource, download, page, script
--   tag       element that failed
--   resource  what failed: host and path, where consent allows it
--   status    HTTP status, or its class (400) before consent
--   message   of a script error, without data
--   path      page on which it failed
--   errors    times
--   visitors  people who met it
-- Note, several days: Visitors are the sum of each day's visitors, so who came on two days counts twice.
-- Note: Many people behind one address count as few visitors; who has no id at all is not among them.
-- Note, minimum: Rows of fewer than {minimum} visitors on every day are added up as (other), where a visitor counts once
--       for each of them, or left out. Who has no id counts as none of these visitors.
with
  days as (
    select day, kind, tag, resource, status, message, path,
           sum(errors)     as errors,
           sum(daily_ids)  as ids,
           sum(identities) as known
    from rollup_errors
    where site = {site:String} and day between {from:Date} and {to:Date}
    group by day, kind, tag, resource, status, message, path
  ),
  totals as (
    select kind, tag, resource, status, message, path,
           sum(days.errors) as errors,
           -- Ids of a day have 24 bits, so some visitors share one: corrected for occupancy.
           sum(-16777216 * log(1 - least(ids, 16777215) / 16777216) + known) as visitors,
           max(ids + known) as size
    from days
    group by kind, tag, resource, status, message, path
  ),
  -- From the smallest row up: how many the rows below it have together.
  ranked as (
    select *,
           sum(size) over (
             order by size, kind, tag, resource, status, message, path
             rows between unbounded preceding and 1 preceding
           ) as below
    from totals
  ),
  -- Rows below the minimum are merged, and the next smallest with them for as long as they are too few together.
  merged as (
    select *,
           {minimum:UInt32} > 1 and (size < {minimum:UInt32} or (below > 0 and below < {minimum:UInt32})) as is_merged,
           if(is_merged, '(other)', kind) as shown_kind,
           if(is_merged, '', tag)         as shown_tag,
           if(is_merged, '', resource)    as shown_resource,
           if(is_merged, 0, status)       as shown_status,
           if(is_merged, '', message)     as shown_message,
           if(is_merged, '', path)        as shown_path
    from ranked
  )
select shown_kind                     as kind,
       shown_tag                      as tag,
       shown_resource                 as resource,
       shown_status                   as status,
       shown_message                  as message,
       shown_path                     as path,
       sum(errors)                    as errors,
       toUInt64(round(sum(visitors))) as visitors
from merged
group by is_merged, shown_kind, shown_tag, shown_resource, shown_status, shown_message, shown_path
-- Still too few: left out.
having not is_merged or sum(size) >= {minimum:UInt32}
order by is_merged, errors desc, kind, tag, resource, status, message, path
limit 10000
