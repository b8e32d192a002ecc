-- Exits: how pages were left. What a page could not see itself (`unknown`) is completed by the same visitor's arrivals that
-- name it: a reload names its own path, others the path before, where the browser tells it. What no arrival names is `closed`:
-- closed or another site. A page that has told of no exit at all, and that no arrival names, is `hidden`: it went to the background and
-- never came back. Nothing is guessed: an arrival that a known exit explains completes nothing.
with
  seen as (
    select site, visitor, page, hour, path, target_host, kind,
           type = 'exit' as is_exit,
           -- Within the document: by a route, or by a choice, after which the page goes on under another id.
           type = 'pageview' and (navigation = 'route' or (navigation = 'consent' and arrival = '')) as is_going_on,
           multiIf(is_exit, path,
                   is_going_on, if(navigation = 'route', from_path, path),
                   arrival = 'reload', path,
                   from_path) as left_path,
           multiIf(is_exit, kind, is_going_on, 'going on', arrival) as way
    from day_rows
    where type = 'exit' or (type = 'pageview' and channel = 'tracker')
  ),
  -- Pages that told of no exit; the pixel never does.
  silent as (
    select site, visitor, left_path, groupArray(began) as hours
    from (
      select site, visitor, page, min(path) as left_path, min(hour) as began
      from seen
      group by site, visitor, page
      having countIf(is_exit) = 0
    )
    group by site, visitor, left_path
  ),
  told as (
    select site, visitor, left_path,
           groupArrayIf(hour, is_exit and way = 'unknown')      as hours,
           countIf(is_exit and way = 'back_forward')            as back_exits,
           countIf(is_exit and way in ('link', 'form', 'script')) as link_exits,
           countIf(not is_exit and way = 'back_forward')        as back_arrivals,
           countIf(not is_exit and way = 'link')                as link_arrivals,
           arrayConcat(
             arrayWithConstant(countIf(not is_exit and way = 'reload'), 'reload'),
             arrayWithConstant(countIf(not is_exit and way = 'address'), 'address'),
             arrayWithConstant(greatest(back_arrivals, back_exits) - back_exits, 'back_forward'),
             arrayWithConstant(greatest(link_arrivals, link_exits) - link_exits, 'link')
           )                                                    as named,
           countIf(way = 'going on')                            as going_on
    from seen
    where left_path != ''
    group by site, visitor, left_path
  ),
  -- The earliest first: a visitor who closes a page has left it before by what the arrivals name. Each row of an exit stays one;
  -- what names more pages than told of an exit tells that silent ones were left in the open, and they are no longer hidden.
  completed as (
    select site, visitor, left_path,
           arraySort(told.hours) as unknown_hours,
           greatest(length(told.named), length(unknown_hours)) - length(unknown_hours) as named_besides,
           arraySlice(arraySort(silent.hours), told.going_on + named_besides + 1) as silent_hours,
           arrayConcat(
             arrayZip(unknown_hours, arrayResize(told.named, length(unknown_hours), 'closed')),
             arrayZip(silent_hours, arrayWithConstant(length(silent_hours), 'hidden'))
           ) as exits
    from told full join silent using (site, visitor, left_path)
  ),
  ways as (
    select site, visitor, hour, left_path, kind as method, target_host, if(visitor = 0, page, 0) as lone_page
    from seen
    where is_exit and kind != 'unknown'
    union all
    -- Of who has no id each counts for itself.
    select site, visitor, (exit.2).1 as hour, left_path, (exit.2).2 as method, '' as target_host,
           if(visitor = 0, exit.1, 0) as lone_page
    from (
      select site, visitor, left_path, arrayJoin(arrayZip(arrayEnumerate(exits), exits)) as exit
      from completed
    )
  )
select site, {day:Date} as day, hour, left_path as path, method, target_host,
       count() as exits,
       0       as daily_ids,
       0       as identities,
       0       as without_id
from ways
group by site, hour, path, method, target_host

union all

select site, {day:Date} as day, first_hour as hour, left_path as path, method, target_host,
       0                                                  as exits,
       countIf(visitor between 1 and 9223372036854775807) as daily_ids,
       countIf(visitor >= 9223372036854775808)            as identities,
       countIf(visitor = 0)                               as without_id
from (
  select site, left_path, method, target_host, visitor, lone_page, min(hour) as first_hour
  from ways
  group by site, left_path, method, target_host, visitor, lone_page
)
group by site, first_hour, path, method, target_host
