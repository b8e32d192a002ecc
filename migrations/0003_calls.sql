-- Calls beside clicks on tel: links, by dialled number, for the report of that name. Calls are imported and have no visitor: only
-- who clicked is counted in daily_ids, identities and without_id.
create table if not exists rollup_calls (
  site        LowCardinality(String) codec(ZSTD),
  day         Date                   codec(ZSTD),
  hour        DateTime('UTC')        codec(Delta, ZSTD),
  dialled     LowCardinality(String) codec(ZSTD),         -- '' where consent does not allow to keep it
  country     LowCardinality(String) codec(ZSTD),         -- of the visitor, or of the caller's number
  area        LowCardinality(String) codec(ZSTD),         -- of the caller's number; clicks have none
  clicks      UInt64                 codec(ZSTD),
  calls       UInt64                 codec(ZSTD),
  duration_ms UInt64                 codec(ZSTD),         -- of the calls
  daily_ids   UInt32                 codec(ZSTD),
  identities  UInt32                 codec(ZSTD),
  without_id  UInt32                 codec(ZSTD),
  expires     Date                   codec(ZSTD)
)
engine = MergeTree
partition by day
order by (site, day, dialled, country, area, hour)
ttl expires
settings fsync_after_insert = 1, fsync_part_directory = 1;
