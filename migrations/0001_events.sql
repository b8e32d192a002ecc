-- Raw events: the truth that everything else is folded from. One row an event, one load one block in one partition.
-- Partitioned by day of receipt, so that a load touches one partition only; sorted so that a day of one visitor on
-- one site lies together, which is what the fold reads and what compresses best. No Nullable: 0 and '' mean "not kept".
--
-- Types and codecs are chosen by measurement, 1 M events of the demo (npm run bench prints bytes by column; what was tried is
-- in docs/performance.md): 10.4 bytes an event, of which 1.8 are `page`, where 8 random bytes a page view cannot be less
-- than 1.5. A path as LowCardinality takes 0.3 bytes instead of 1.5, and 2.4 instead of 3.8 where a site has 100,000 of them.
--
-- `load` tells when a row came to within seconds, so it does not stay: the loader needs it to see whether a load is in, the
-- fold to count late rows. Its week begins with the insert (`loaded`) and not with the receipt, because a spool may wait
-- for longer than a week: counted from `received`, the engine set it to 0 within 0.2 s of the insert.
create table if not exists events (
  load             UInt64                 codec(Delta, ZSTD) ttl loaded + interval 7 day,    -- number of the insert
  loaded           Date default toDate(now('UTC')) codec(ZSTD), -- UTC day of the insert, by the database's clock; see below
  site             LowCardinality(String) codec(ZSTD),
  received         Date                   codec(ZSTD),          -- UTC day of receipt
  day              Date                   codec(ZSTD),          -- the site's local day of the event
  hour             DateTime('UTC')        codec(Delta, ZSTD),   -- instant at which its local hour began
  time             DateTime64(3, 'UTC')   codec(Delta, ZSTD),   -- minute in exempt rows
  expires          Date                   codec(ZSTD),
  type             LowCardinality(String) codec(ZSTD),
  channel          LowCardinality(String) codec(ZSTD),          -- tracker, pixel, import
  consent          LowCardinality(String) codec(ZSTD),          -- exempt, granted, imported
  purposes         UInt8                  codec(ZSTD),          -- bit mask, contract/purposes.ts
  policy           UInt16                 codec(ZSTD),
  visitor          UInt64                 codec(ZSTD),          -- 0 none; 1 … 2^24 id of the day; from 2^63 hash of a first-party id
  identity         UUID                   codec(ZSTD),          -- first-party id, only with `identity`
  page             UInt64                 codec(ZSTD),          -- HMAC of the page's id under the day key
  seq              UInt16                 codec(ZSTD),
  country          LowCardinality(String) codec(ZSTD),
  prefix           LowCardinality(String) codec(ZSTD),          -- truncated address
  browser          LowCardinality(String) codec(ZSTD),
  browser_version  LowCardinality(String) codec(ZSTD),
  system           LowCardinality(String) codec(ZSTD),
  system_version   LowCardinality(String) codec(ZSTD),
  device           LowCardinality(String) codec(ZSTD),          -- desktop, mobile, tablet, other
  screen           LowCardinality(String) codec(ZSTD),
  language         LowCardinality(String) codec(ZSTD),
  host             LowCardinality(String) codec(ZSTD),
  path             LowCardinality(String) codec(ZSTD),
  parameters       String                 codec(ZSTD),          -- allow-listed, sorted, as in a URL
  page_group       LowCardinality(String) codec(ZSTD),
  title            LowCardinality(String) codec(ZSTD),
  navigation       LowCardinality(String) codec(ZSTD),
  arrival          LowCardinality(String) codec(ZSTD),
  status           UInt16                 codec(ZSTD),          -- of the page, or of what failed; its class (400) in exempt rows
  referrer_host    LowCardinality(String) codec(ZSTD),          -- '' for the site's own pages
  referrer_path    LowCardinality(String) codec(ZSTD),
  from_path        LowCardinality(String) codec(ZSTD),          -- own page before, where the browser tells it
  campaign_source  LowCardinality(String) codec(ZSTD),
  campaign_medium  LowCardinality(String) codec(ZSTD),
  campaign_name    LowCardinality(String) codec(ZSTD),
  campaign_term    String                 codec(ZSTD),
  campaign_content String                 codec(ZSTD),
  click_id         String                 codec(ZSTD),          -- parameter=value
  active_ms        UInt32                 codec(ZSTD),
  visible_ms       UInt32                 codec(ZSTD),
  scroll_from      UInt8                  codec(ZSTD),          -- deciles newly reached, 1 to 10; 0 none
  scroll_to        UInt8                  codec(ZSTD),
  kind             LowCardinality(String) codec(ZSTD),          -- click kind, error kind, exit method, form outcome
  name             LowCardinality(String) codec(ZSTD),          -- view, custom event, vital, form
  name_group       LowCardinality(String) codec(ZSTD),          -- group of a view
  target           LowCardinality(String) codec(ZSTD),          -- named element
  target_host      LowCardinality(String) codec(ZSTD),          -- where a click or an exit leads
  target_path      LowCardinality(String) codec(ZSTD),
  dialled          LowCardinality(String) codec(ZSTD),
  frustration      LowCardinality(String) codec(ZSTD),          -- rage, dead
  duration_ms      UInt32                 codec(ZSTD),          -- hover dwell, form filling, call
  amount           UInt32                 codec(ZSTD),          -- form fields, search results (bucket's lower edge in exempt rows)
  value            Float32                codec(ZSTD),          -- vital
  term             String                 codec(ZSTD),
  properties       String                 codec(ZSTD),          -- JSON object, flat
  tag              LowCardinality(String) codec(ZSTD),          -- element that failed
  resource         String                 codec(ZSTD),          -- host and path of what failed, or script file
  message          String                 codec(ZSTD),
  line             UInt32                 codec(ZSTD),
  redirect_ms      UInt32                 codec(T64, ZSTD),
  dns_ms           UInt32                 codec(T64, ZSTD),
  connect_ms       UInt32                 codec(T64, ZSTD),
  tls_ms           UInt32                 codec(T64, ZSTD),
  request_ms       UInt32                 codec(T64, ZSTD),
  response_ms      UInt32                 codec(T64, ZSTD),
  ttfb_ms          UInt32                 codec(T64, ZSTD),
  interactive_ms   UInt32                 codec(T64, ZSTD),
  dcl_ms           UInt32                 codec(T64, ZSTD),
  load_ms          UInt32                 codec(T64, ZSTD),
  transfer_bytes   UInt32                 codec(T64, ZSTD),
  protocol         LowCardinality(String) codec(ZSTD),
  area             LowCardinality(String) codec(ZSTD)           -- of a caller
)
engine = MergeTree
partition by received
order by (site, day, visitor, time, page, seq)
ttl expires
settings non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 0,
         fsync_after_insert = 1, fsync_part_directory = 1,   -- a load that was confirmed survives a power loss
         -- Five of six events have no timing, two of three no engagement: half empty is enough to store only what is there.
         ratio_of_defaults_for_sparse_serialization = 0.5,
         min_compress_block_size = 1048576;                  -- days are read whole, so large blocks cost no reading

-- The same columns with no storage: the loader bisects rows that ClickHouse refuses against it, never against events.
create table if not exists events_check as events engine = Null;
