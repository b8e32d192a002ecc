-- Rollups: what reports are read from. One row per site, local day, local hour and dimension; sums only, no id and no
-- state of one. Timings and scroll have no hour: so many figures a page view would make more rows than there are events
-- (1.7 for each of a million events on 2,000 paths; 0.3 without). They are written by collector/fold from rollups/*.sql, a whole day at a time, by REPLACE PARTITION, which
-- is why each is partitioned by day: a fold of the day again leaves exactly one day's rows.
--
-- Columns that all of them have:
--   hour        UTC instant at which the site's local hour began; not in timings and scroll
--   daily_ids   visitors known by an id of the day (24 bits: correct for occupancy when reading, −m·ln(1−d/m), m = 2^24)
--   identities  visitors known by a first-party id
--   without_id  pages of visitors who have no id (on a strict site, without consent to identity): they cannot be counted
--               as visitors, and many pages may be one person's, so the minimum group of reports does not count them
--               All three count once a day and dimension, in the hour of the first row, so their sum over the hours is the
--               day's number.
--   expires     day on which the row is deleted: day + the site's rollupMonths
-- A number that is not in the sorting key is a sum, and a date the earliest: so the slices of a large day are joined.
-- The staging tables of a fold (fold_<name>) are made from these at each start (collector/fold/staging.ts), so that they
-- always have the same columns.

-- How many rows of each type and consent level; also what tells whether a day can still be folded.
create table if not exists rollup_totals (
  site        LowCardinality(String) codec(ZSTD),
  day         Date                   codec(ZSTD),
  hour        DateTime('UTC')        codec(Delta, ZSTD),
  type        LowCardinality(String) codec(ZSTD),
  consent     LowCardinality(String) codec(ZSTD),
  events      UInt64                 codec(ZSTD),
  daily_ids   UInt32                 codec(ZSTD),
  identities  UInt32                 codec(ZSTD),
  without_id  UInt32                 codec(ZSTD),
  raw_expires Date                   codec(ZSTD),   -- when the first of the raw rows behind this one begins to expire
  expires     Date                   codec(ZSTD)
)
engine = MergeTree
partition by day
order by (site, day, type, consent, hour)
ttl expires
settings fsync_after_insert = 1, fsync_part_directory = 1;

-- What was looked at, and for how long. Visitors are those with a page view there.
create table if not exists rollup_pages (
  site       LowCardinality(String) codec(ZSTD),
  day        Date                   codec(ZSTD),
  hour       DateTime('UTC')        codec(Delta, ZSTD),
  path       String                 codec(ZSTD),
  page_group LowCardinality(String) codec(ZSTD),
  views      UInt64                 codec(ZSTD),
  active_ms  UInt64                 codec(ZSTD),   -- visible, focused, not idle
  visible_ms UInt64                 codec(ZSTD),
  daily_ids  UInt32                 codec(ZSTD),
  identities UInt32                 codec(ZSTD),
  without_id UInt32                 codec(ZSTD),
  expires    Date                   codec(ZSTD)
)
engine = MergeTree
partition by day
order by (site, day, path, page_group, hour)
ttl expires
settings fsync_after_insert = 1, fsync_part_directory = 1;

-- Where visitors came from: page views that were not reached from another page of the site.
create table if not exists rollup_sources (
  site            LowCardinality(String) codec(ZSTD),
  day             Date                   codec(ZSTD),
  hour            DateTime('UTC')        codec(Delta, ZSTD),
  arrival         LowCardinality(String) codec(ZSTD),
  referrer_host   LowCardinality(String) codec(ZSTD),
  referrer_path   String                 codec(ZSTD),
  campaign_source LowCardinality(String) codec(ZSTD),
  campaign_medium LowCardinality(String) codec(ZSTD),
  campaign_name   LowCardinality(String) codec(ZSTD),
  views           UInt64                 codec(ZSTD),
  daily_ids       UInt32                 codec(ZSTD),
  identities      UInt32                 codec(ZSTD),
  without_id      UInt32                 codec(ZSTD),
  expires         Date                   codec(ZSTD)
)
engine = MergeTree
partition by day
order by (site, day, arrival, referrer_host, referrer_path, campaign_source, campaign_medium, campaign_name, hour)
ttl expires
settings fsync_after_insert = 1, fsync_part_directory = 1;

-- From page to page.
create table if not exists rollup_flows (
  site       LowCardinality(String) codec(ZSTD),
  day        Date                   codec(ZSTD),
  hour       DateTime('UTC')        codec(Delta, ZSTD),
  from_path  String                 codec(ZSTD),          -- '' where the visitor came from outside, or it is not known
  path       String                 codec(ZSTD),
  arrival    LowCardinality(String) codec(ZSTD),
  navigation LowCardinality(String) codec(ZSTD),
  views      UInt64                 codec(ZSTD),
  daily_ids  UInt32                 codec(ZSTD),
  identities UInt32                 codec(ZSTD),
  without_id UInt32                 codec(ZSTD),
  expires    Date                   codec(ZSTD)
)
engine = MergeTree
partition by day
order by (site, day, path, from_path, arrival, navigation, hour)
ttl expires
settings fsync_after_insert = 1, fsync_part_directory = 1;

-- Response times and vitals, counted in buckets: rows in milliseconds and rows in buckets come together here.
create table if not exists rollup_timings (
  site        LowCardinality(String) codec(ZSTD),
  day         Date                   codec(ZSTD),
  path        String                 codec(ZSTD),
  metric      LowCardinality(String) codec(ZSTD),
  bucket_from UInt32                 codec(ZSTD),   -- milliseconds, inclusive
  bucket_to   UInt32                 codec(ZSTD),   -- milliseconds, exclusive; 0: no upper end
  samples     UInt64                 codec(ZSTD),
  daily_ids   UInt32                 codec(ZSTD),   -- of the path and metric, in rows of their own with no samples
  identities  UInt32                 codec(ZSTD),
  without_id  UInt32                 codec(ZSTD),
  expires     Date                   codec(ZSTD)
)
engine = MergeTree
partition by day
order by (site, day, metric, path, bucket_from, bucket_to)
ttl expires
settings fsync_after_insert = 1, fsync_part_directory = 1;

-- How far down pages were read.
create table if not exists rollup_scroll (
  site       LowCardinality(String) codec(ZSTD),
  day        Date                   codec(ZSTD),
  path       String                 codec(ZSTD),
  decile     UInt8                  codec(ZSTD),          -- 1 the top tenth … 10 the end
  pages      UInt64                 codec(ZSTD),          -- page views that reached it
  daily_ids  UInt32                 codec(ZSTD),
  identities UInt32                 codec(ZSTD),
  without_id UInt32                 codec(ZSTD),
  expires    Date                   codec(ZSTD)
)
engine = MergeTree
partition by day
order by (site, day, path, decile)
ttl expires
settings fsync_after_insert = 1, fsync_part_directory = 1;

-- Clicks: links, downloads, phone numbers, buttons.
create table if not exists rollup_actions (
  site        LowCardinality(String) codec(ZSTD),
  day         Date                   codec(ZSTD),
  hour        DateTime('UTC')        codec(Delta, ZSTD),
  kind        LowCardinality(String) codec(ZSTD),
  target      LowCardinality(String) codec(ZSTD),         -- named element
  target_host LowCardinality(String) codec(ZSTD),
  target_path String                 codec(ZSTD),
  dialled     LowCardinality(String) codec(ZSTD),
  frustration LowCardinality(String) codec(ZSTD),
  clicks      UInt64                 codec(ZSTD),
  daily_ids   UInt32                 codec(ZSTD),
  identities  UInt32                 codec(ZSTD),
  without_id  UInt32                 codec(ZSTD),
  expires     Date                   codec(ZSTD)
)
engine = MergeTree
partition by day
order by (site, day, kind, target, target_host, target_path, dialled, frustration, hour)
ttl expires
settings fsync_after_insert = 1, fsync_part_directory = 1;

-- How pages were left.
create table if not exists rollup_exits (
  site        LowCardinality(String) codec(ZSTD),
  day         Date                   codec(ZSTD),
  hour        DateTime('UTC')        codec(Delta, ZSTD),
  path        String                 codec(ZSTD),
  method      LowCardinality(String) codec(ZSTD),
  target_host LowCardinality(String) codec(ZSTD),
  exits       UInt64                 codec(ZSTD),
  daily_ids   UInt32                 codec(ZSTD),
  identities  UInt32                 codec(ZSTD),
  without_id  UInt32                 codec(ZSTD),
  expires     Date                   codec(ZSTD)
)
engine = MergeTree
partition by day
order by (site, day, path, method, target_host, hour)
ttl expires
settings fsync_after_insert = 1, fsync_part_directory = 1;

-- What failed, and on which page.
create table if not exists rollup_errors (
  site       LowCardinality(String) codec(ZSTD),
  day        Date                   codec(ZSTD),
  hour       DateTime('UTC')        codec(Delta, ZSTD),
  kind       LowCardinality(String) codec(ZSTD),
  tag        LowCardinality(String) codec(ZSTD),
  resource   String                 codec(ZSTD),
  status     UInt16                 codec(ZSTD),
  message    String                 codec(ZSTD),
  path       String                 codec(ZSTD),
  errors     UInt64                 codec(ZSTD),
  daily_ids  UInt32                 codec(ZSTD),
  identities UInt32                 codec(ZSTD),
  without_id UInt32                 codec(ZSTD),
  expires    Date                   codec(ZSTD)
)
engine = MergeTree
partition by day
order by (site, day, kind, path, resource, status, tag, message, hour)
ttl expires
settings fsync_after_insert = 1, fsync_part_directory = 1;

-- Who came: one dimension at a time, never two together.
create table if not exists rollup_audience (
  site       LowCardinality(String) codec(ZSTD),
  day        Date                   codec(ZSTD),
  hour       DateTime('UTC')        codec(Delta, ZSTD),
  dimension  LowCardinality(String) codec(ZSTD),          -- country, browser, system, device, screen, language
  value      LowCardinality(String) codec(ZSTD),
  views      UInt64                 codec(ZSTD),
  daily_ids  UInt32                 codec(ZSTD),
  identities UInt32                 codec(ZSTD),
  without_id UInt32                 codec(ZSTD),
  expires    Date                   codec(ZSTD)
)
engine = MergeTree
partition by day
order by (site, day, dimension, value, hour)
ttl expires
settings fsync_after_insert = 1, fsync_part_directory = 1;
