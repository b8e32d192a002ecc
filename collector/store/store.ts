// The one door to ClickHouse. Two implementations, embedded chDB and a server over HTTP, hold the same contract, and one
// shared test suite runs over both.

/** Values bound to `{name:Type}` placeholders; never pasted into SQL. */
export type Parameters = Readonly<
  Record<string, string | number | boolean | readonly string[] | readonly number[]>
>

export type Store = {
  readonly kind: 'embedded' | 'server'
  /** Rows as objects. 64-bit integers come as strings. */
  query<T>(sql: string, parameters?: Parameters): Promise<T[]>
  /** The result as bytes in a ClickHouse output format: `JSONEachRow`, `CSVWithNames`, `Parquet`, … */
  read(sql: string, parameters: Parameters, format: string): Promise<Buffer>
  /** A statement without a result. */
  command(sql: string, parameters?: Parameters): Promise<void>
  /** The same for a statement that takes long: questions are answered meanwhile. One at a time. */
  work(sql: string, parameters?: Parameters): Promise<void>
  /** TabSeparated bytes into a table as one block, there whole or not at all; `token` deduplicates a repeated insert. */
  insert(table: string, columns: readonly string[], rows: Buffer, token: string): Promise<void>
  /**
   * False once the embedded engine has failed to write a file, which it does not say by itself (watch_writes.ts): from then
   * on no statement is answered, and the process has to be started anew. A server is always sound: it tells its errors.
   */
  isSound(): Promise<boolean>
  close(): Promise<void>
}

/**
 * `unavailable`: the database cannot be reached or is overloaded, try again later; `refused`: it read the statement or the
 * rows and will not take them, ever. `clickhouseCode` is ClickHouse's own error number, 0 when there is none.
 */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly kind: 'unavailable' | 'refused'
  readonly clickhouseCode: number
  constructor(kind: 'unavailable' | 'refused', message: string, clickhouseCode: number, cause?: unknown) {
    super(message, { cause })
    this.kind = kind
    this.clickhouseCode = clickhouseCode
  }
}
