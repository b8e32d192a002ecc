-- Actions: clicks on links, downloads, phone numbers and buttons.
--
-- Parameters: site String; from, to Date, the site's local days, both included; minimum UInt32, see the
-- last note (1: off).
-- Columns:
--   kind         internal, outbound, download, tel, mailto, button, other
--   target       named element, where consent allows it
--   target_host  where it leads
--   target_path  
--   dialled      phone number of a tel: link
--   frustration  rage (several at once) or dead (nothing happened)
--   clicks       clicks
--   visitors     people who clicked
-- Note, several days: Visitors are the sum of each day's visitors, so who came on two days counts twice.
-- Note: Many people behind one address count as few visitors; who has no id at all is not among them.
-- Note, minimum: What has fewer than {minimum} visitors on a day is, on that day, added up as (other), where a visitor
--       counts once for each row, or left out. Who has no id counts as none of these visitors.
with
  days as (
    select day, kind, target, target_host, target_path, dialled, frustration,
           sum(clicks)     as clicks,
           sum(daily_ids)  as ids,
           sum(identities) as known,
           ids + known     as size,
           -- Ids of a day have 24 bits, so some visitors share one: corrected for occupancy.
           toUInt64(round(-16777216 * log(1 - least(ids, 16777215) / 16777216) + known)) as visitors
    from rollup_actions
    where site = {site:String} and day between {from:Date} and {to:Date}
    group by day, kind, target, target_host, target_path, dialled, frustration
  ),
  -- The minimum is each day's own, so that every period is the sum of its days as they are shown: the difference of two
  -- periods says no more than the days between them.
  ranked as (
    select *,
           (size, kind, target, target_host, target_path, dialled, frustration) as place,
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
           if(is_merged, '(other)', kind) as shown_kind,
           if(is_merged, '', target)      as shown_target,
           if(is_merged, '', target_host) as shown_target_host,
           if(is_merged, '', target_path) as shown_target_path,
           if(is_merged, '', dialled)     as shown_dialled,
           if(is_merged, '', frustration) as shown_frustration
    from ranked
    -- Too few in all rows together: left out.
    where {minimum:UInt32} <= 1 or size_of_all >= {minimum:UInt32}
  )
select shown_kind          as kind,
       shown_target        as target,
       shown_target_host   as target_host,
       shown_target_path   as target_path,
       shown_dialled       as dialled,
       shown_frustration   as frustration,
       sum(shown.clicks)   as clicks,
       sum(shown.visitors) as visitors
from shown
group by is_merged, shown_kind, shown_target, shown_target_host, shown_target_path, shown_dialled, shown_frustration
order by is_merged, clicks desc, kind, target, target_host, target_path, dialled, frustration
