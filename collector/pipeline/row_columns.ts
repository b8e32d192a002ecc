// The columns of a spooled row, in order, by row version. A row is a finished line of ClickHouse TabSeparated. Its first
// column is the load number, written as ten zeros: the loader fills the digits in when it knows them (load/).

export const rowVersion = 1

/** Characters of the placeholder for the load number at the start of each row; the tab follows. */
export const loadDigits = 10

/**
 * Load numbers start here, so that they have ten digits without leading zeros: ClickHouse reads `0000000042` as 0 and then
 * finds no tab (its fast reader of integers in TabSeparated takes a leading zero for the whole number).
 */
export const firstLoad = 1_000_000_000

const version1 =
  `load site received day hour time expires type channel consent purposes policy visitor identity page seq country prefix
  browser browser_version system system_version device screen language host path parameters page_group title navigation
  arrival status referrer_host referrer_path from_path campaign_source campaign_medium campaign_name campaign_term
  campaign_content click_id active_ms visible_ms scroll_from scroll_to kind name name_group target target_host target_path
  dialled frustration duration_ms amount value term properties tag resource message line redirect_ms dns_ms connect_ms
  tls_ms request_ms response_ms ttfb_ms interactive_ms dcl_ms load_ms transfer_bytes protocol area`.split(
    /\s+/,
  )

/** Column lists that the loader accepts: the current row version and the one before it. */
export const columnsByRowVersion: ReadonlyMap<number, readonly string[]> = new Map([[1, version1]])
