-- Scroll: how far down pages were read.
--
-- Parameters: site String; from, to Date, the site's local days, both included; minimum UInt32, see the
-- last note (1: off).
-- Columns:
--   path      page
--   decile    tenth of the page: 1 the top … 10 the end
--   pages     page views that reached it
--   share     of all views of the page
--   visitors  people who scrolled on the page, the same for all its tenths
-- Note: Before consent only quarters are known: they count as the tenths 3, 5, 8 and 10, and those above them.
-- Note, several days: Visitors are the sum of each day's visitors, so who came on two days counts twice.
-- Note: Many people behind one address count as few visitors; who has no id at all is not among them.
-- Note, minimum: What has fewer than {minimum} visitors on a day is, on that day, added up as (other), where a visitor
--       counts once for each page, or left out. Who has no id counts as none of these visitors.
with
  -- All views, also of pages that nobody scrolled: shares are of them.
  rows as (
    select day, path, decile, pages, 0 as views, daily_ids, identities
    from rollup_scroll
    where site = {site:String} and day between {from:Date} and {to:Date}
    union all
    select day, path, 0 as decile, 0 as pages, views, 0 as daily_ids, 0 as identities
    from rollup_pages
    where site = {site:String} and day between {from:Date} and {to:Date}
  ),
  days as (
    select day, path,
           groupArrayIf((decile, pages), decile > 0) as tenths,
           sum(views)      as views,
           sum(daily_ids)  as ids,
           sum(identities) as known,
           ids + known     as size,
           -- Ids of a day have 24 bits, so some visitors share one: corrected for occupancy.
           toUInt64(round(-16777216 * log(1 - least(ids, 16777215) / 16777216) + known)) as visitors
    from rows
    group by day, path
  ),
  -- The minimum is each day's own, so that every period is the sum of its days as they are shown: the difference of two
  -- periods says no more than the days between them.
  ranked as (
    select *,
           (size, path) as place,
           size < {minimum:UInt32} as is_small,
           -- What nobody scrolled has nothing to hide here, so nothing is merged for its sake.
           countIf(is_small and notEmpty(tenths)) over of_day as small_rows,
           sumIf(size, is_small)                  over of_day as small_size,
           minIf(place, not is_small)             over of_day as next_place,
           sum(size)                              over of_day as size_of_all
    from days
    window of_day as (partition by day)
  ),
  -- Pages below the minimum are merged, and the next smallest with them where they are too few together.
  shown as (
    select *,
           {minimum:UInt32} > 1
             and (is_small or (small_rows > 0 and small_size < {minimum:UInt32} and place = next_place)) as is_merged,
           if(is_merged, '(other)', path) as shown_path
    from ranked
    -- Too few on all pages together: left out.
    where {minimum:UInt32} <= 1 or size_of_all >= {minimum:UInt32}
  ),
  -- A day's views and visitors of a page go with the first of its tenths, or with none, so that they count once.
  reached as (
    select is_merged, shown_path, tenth.1 as decile,
           sum(tenth.2)                      as pages,
           sumIf(shown.views, place <= 1)    as first_views,
           sumIf(shown.visitors, place <= 1) as first_visitors
    from shown
    left array join tenths as tenth, arrayEnumerate(tenths) as place
    group by is_merged, shown_path, decile
  ),
  counted as (
    select *,
           sum(first_views)    over (partition by is_merged, shown_path) as views,
           sum(first_visitors) over (partition by is_merged, shown_path) as visitors
    from reached
  )
select shown_path                                     as path,
       decile,
       pages,
       -- A view of yesterday may be scrolled today.
       round(least(1, pages / greatest(views, 1)), 4) as share,
       visitors
from counted
where decile > 0
order by is_merged, views desc, path, decile
