// The settings of every insert. Each one is here for a measured reason: together they make one call one block, which is
// there whole or not at all and which a repeated call with the same token cannot double.

export type InsertSettings = Readonly<Record<string, string | number>>

/** Above any load (collector/load: at most 100,000 rows), so that the squashing never cuts a load into two blocks. */
const blockRows = 1_048_449

export function insertSettings(token: string): InsertSettings {
  return {
    // On by default since ClickHouse 26: the call would return before the rows are written.
    async_insert: 0,
    insert_deduplicate: 1,
    insert_deduplication_token: token,
    // The same token with another block size doubles the rows: both sizes are pinned, and bytes never cut a block.
    max_insert_block_size: blockRows,
    min_insert_block_size_rows: blockRows,
    min_insert_block_size_bytes: 0,
    max_insert_threads: 1,
    // Parallel parsing cuts the input into blocks of its own.
    input_format_parallel_parsing: 0,
    // A row that does not fit is refused, never repaired or skipped.
    input_format_allow_errors_num: 0,
    input_format_tsv_empty_as_default: 0,
    date_time_input_format: 'basic',
  }
}
