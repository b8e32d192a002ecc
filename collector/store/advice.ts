// What a person can do about a ClickHouse server that does not take us, by ClickHouse's error number or by the name that
// Node gives to an error of network or TLS.

const certificate =
  "the server's certificate is of no authority known here: give its authority's in LIGHTFOOT_CLICKHOUSE_CA"
const credentials = 'check user and password in LIGHTFOOT_CLICKHOUSE_URL'

const advice: ReadonlyMap<number | string, string> = new Map<number | string, string>([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', certificate],
  ['SELF_SIGNED_CERT_IN_CHAIN', certificate],
  ['UNABLE_TO_GET_ISSUER_CERT', certificate],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', certificate],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', certificate],
  ['CERT_HAS_EXPIRED', "renew the server's certificate"],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    "the server's certificate is for another host than LIGHTFOOT_CLICKHOUSE_URL names",
  ],
  ['EPROTO', 'LIGHTFOOT_CLICKHOUSE_URL says https, and the port answers without TLS'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'LIGHTFOOT_CLICKHOUSE_URL says https, and the port answers without TLS'],
  ['ENOTFOUND', 'no such host: check LIGHTFOOT_CLICKHOUSE_URL'],
  [81, 'create the database, or name another at the end of LIGHTFOOT_CLICKHOUSE_URL'],
  [
    164,
    'the user or its profile may only read: give it the rights that docs/operate.md names, and readonly = 0',
  ],
  [192, credentials],
  [193, credentials],
  [194, credentials],
  [497, 'give the user the rights that docs/operate.md names'],
  [516, credentials],
])

export function adviceOf(code: number | string): string | undefined {
  return advice.get(code)
}
