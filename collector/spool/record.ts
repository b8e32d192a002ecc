// One record of the spool: the finished rows of one batch behind a fixed header. The spool knows bytes, not events.

export type SpoolRecord = {
  readonly rowVersion: number
  readonly batchHash: bigint
  readonly subjectTag: bigint
  readonly shard: number
  readonly rowCount: number
  readonly rows: Buffer
}

/** One that is to be appended: its rows are text until they are written, once, to where the disk takes them from. */
export type NewRecord = Omit<SpoolRecord, 'rows'> & { readonly rows: string | Buffer }
