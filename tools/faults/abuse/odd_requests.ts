// Bytes that are no proper request, and what is answered to them: shapes with which one request is smuggled behind another,
// other protocols, and what HTTP allows but this listener has no use for.

import { get, postHead } from './requests.ts'

/** Statuses in their order; 'cut' is none at all, and two versions of Node may differ. Behind most of them stands a request that must not be answered. */
export type OddRequest = readonly [name: string, bytes: string, wanted: string]

const smuggled = get('/healthz')
const chunked = 'Transfer-Encoding: chunked'

export const oddRequests: readonly OddRequest[] = [
  ['length and chunked', `${postHead('Content-Length: 6', chunked)}0\r\n\r\n${smuggled}`, '400'],
  ['chunked and length', `${postHead(chunked, 'Content-Length: 4')}2\r\nxx\r\n0\r\n\r\n${smuggled}`, '400'],
  ['two lengths', `${postHead('Content-Length: 2', 'Content-Length: 40')}xx${smuggled}`, '400'],
  ['the same length twice', `${postHead('Content-Length: 2', 'Content-Length: 2')}xx${smuggled}`, '400'],
  ['a length with a sign', `${postHead('Content-Length: +2')}xx${smuggled}`, '400'],
  ['a negative length', `${postHead('Content-Length: -2')}xx${smuggled}`, '400'],
  ['a length past 64 bits', `${postHead(`Content-Length: 9${'9'.repeat(30)}`)}xx`, '400'],
  ['a chunk size that is none', `${postHead(chunked)}zz\r\nxx\r\n0\r\n\r\n${smuggled}`, '400'],
  ['a negative chunk size', `${postHead(chunked)}-2\r\nxx\r\n0\r\n\r\n${smuggled}`, '400'],
  ['a chunk size past 64 bits', `${postHead(chunked)}${'f'.repeat(17)}\r\nxx\r\n0\r\n\r\n${smuggled}`, '400'],
  ['chunks with bare line feeds', `${postHead(chunked)}2\nxx\n0\n\n${smuggled}`, '400'],
  ['a chunk with 100 KB of extension', `${postHead(chunked)}2;${'x'.repeat(100_000)}\r\nxx\r\n`, '413'],
  ['100 KB of trailers', `${postHead(chunked)}2\r\nxx\r\n0\r\n${'X: 1\r\n'.repeat(17_000)}\r\n`, '431'],
  [
    'another transfer encoding',
    `${postHead('Transfer-Encoding: xchunked')}2\r\nxx\r\n0\r\n\r\n${smuggled}`,
    '400',
  ],
  ['chunked, but not last', `${postHead(`${chunked}, identity`)}2\r\nxx\r\n0\r\n\r\n${smuggled}`, '400'],
  [
    'a space before the colon',
    `${postHead('Transfer-Encoding : chunked')}2\r\nxx\r\n0\r\n\r\n${smuggled}`,
    '400',
  ],
  ['a folded header', `${postHead('X: a\r\n b', 'Content-Length: 2')}xx${smuggled}`, '400'],
  ['a bare carriage return', `${postHead(`X: a\r${chunked}`, 'Content-Length: 2')}xx${smuggled}`, '400'],
  ['NUL in a header', `${postHead('X: a\0b', 'Content-Length: 2')}xx${smuggled}`, '400'],
  ['bare line feeds', `${postHead('Content-Length: 2')}xx${smuggled}`.replaceAll('\r\n', '\n'), '400'],
  ['no Host', 'GET /healthz HTTP/1.1\r\n\r\n', '400'],
  [
    'Host behind 100 other headers',
    `GET /healthz HTTP/1.1\r\n${'X: 1\r\n'.repeat(100)}Host: a\r\n\r\n`,
    '400 or 431',
  ],
  ['a path of 20 KB', get(`/${'x'.repeat(20_000)}`), '431'],
  ['TLS', `\x16\x03\x01\0\xa5\x01\0\0\xa1\x03\x03${'\x01'.repeat(120)}`, '400'],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', '400'],
  ['HTTP/3.0', 'GET /healthz HTTP/3.0\r\nHost: a\r\n\r\n', '400'],
  ['an unknown method', 'FOO /healthz HTTP/1.1\r\nHost: a\r\n\r\n', '400'],
  ['CONNECT', 'CONNECT other.example:443 HTTP/1.1\r\nHost: other.example\r\n\r\n', 'cut'],
  ['TRACE', 'TRACE /healthz HTTP/1.1\r\nHost: a\r\nX-Secret: 1\r\n\r\n', '405'],
  ['OPTIONS of everything', 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n', '405'],
  [
    'a web socket',
    'GET /v1/events HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n',
    '405',
  ],
  ['Expect, and the body is too large', postHead('Expect: 100-continue', 'Content-Length: 70000'), '100 413'],
  ['Expect of something else', `${postHead('Expect: 200-ok', 'Content-Length: 2')}xx`, '417'],
]
