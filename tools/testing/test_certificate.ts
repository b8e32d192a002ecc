// A certificate for a test server on 127.0.0.1, of an authority of the test's own. Made anew, so that none can expire and no
// openssl is needed.

import { generate } from 'selfsigned'
import type { ServerCertificate } from './clickhouse_http_server.ts'

/** `ca`: the certificate that a client has to trust. */
export async function testCertificate(): Promise<ServerCertificate & { readonly ca: string }> {
  const authority = await generate([{ name: 'commonName', value: 'Authority of a test' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  })
  const server = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    ca: { key: authority.private, cert: authority.cert },
  })
  return { key: server.private, cert: server.cert, ca: authority.cert }
}
