// Client addresses as sockets and proxies write them, and the truncated prefix that each must become; '' is "no address".
// One table for the function alone and for the whole product behind a real listener.

export type AddressCase = {
  readonly name: string
  /** The peer's address; a trusted proxy on loopback when absent. */
  readonly socket?: string
  /** X-Forwarded-For, each entry a header of its own. */
  readonly forwardedFor?: string | readonly string[]
  /** CIDRs that are trusted; loopback when absent. */
  readonly trusted?: readonly string[]
  readonly wantedPrefix: string
}

/** One address in X-Forwarded-For of a trusted proxy. */
function forwarded(
  name: string,
  forwardedFor: string | readonly string[],
  wantedPrefix: string,
): AddressCase {
  return { name, forwardedFor, wantedPrefix }
}

const plain: readonly AddressCase[] = [
  forwarded('v4', '203.0.113.77', '203.0.113.0'),
  forwarded('v4, highest', '223.255.255.254', '223.255.255.0'),
  forwarded('v4, lowest', '1.0.0.1', '1.0.0.0'),
  forwarded('v4 with spaces around', '  203.0.113.77  ', '203.0.113.0'),
  forwarded('v4 with a port', '203.0.113.77:1234', '203.0.113.0'),
  forwarded('v6', '2001:db8:1:2:3:4:5:6', '2001:db8:1::'),
  forwarded('v6, short', '2001:db8::1', '2001:db8::'),
  forwarded('v6, capitals', '2001:DB8:ABCD::1', '2001:db8:abcd::'),
  forwarded('v6, leading zeros', '2001:0db8:0001:0000:0000:0000:0000:0001', '2001:db8:1::'),
  forwarded('v6 in brackets', '[2001:db8:1:2::3]', '2001:db8:1::'),
  forwarded('v6 in brackets with a port', '[2001:db8:1:2::3]:443', '2001:db8:1::'),
  forwarded('v6 that ends like a port', '2001:db8:1:2::443', '2001:db8:1::'),
  forwarded('v6 with a zone', 'fe80::1:2:3%eth0', 'fe80::'),
  forwarded('v6 with a zone, in brackets', '[fe80::1:2:3%eth0.100]:80', 'fe80::'),
  forwarded('v6 with a zone of digits', 'fe80::1:2:3%2', 'fe80::'),
  forwarded('v6, unique local', 'fd12:3456:789a:1::1', 'fd12:3456:789a::'),
]

const unwrapped: readonly AddressCase[] = [
  forwarded('v4-mapped', '::ffff:203.0.113.77', '203.0.113.0'),
  forwarded('v4-mapped, hexadecimal', '::ffff:cb00:714d', '203.0.113.0'),
  forwarded('v4-mapped, in full', '0:0:0:0:0:ffff:cb00:714d', '203.0.113.0'),
  forwarded('v4-mapped, capitals', '::FFFF:203.0.113.77', '203.0.113.0'),
  forwarded('v4-mapped, brackets and port', '[::ffff:203.0.113.77]:443', '203.0.113.0'),
  forwarded('v4-mapped with a zone', '::ffff:203.0.113.77%1', '203.0.113.0'),
  forwarded('v4-translated', '::ffff:0:203.0.113.77', '203.0.113.0'),
  forwarded('v4-translated, hexadecimal', '::ffff:0:cb00:714d', '203.0.113.0'),
  forwarded('v4-compatible', '::203.0.113.77', '203.0.113.0'),
  forwarded('v4-compatible, hexadecimal', '::cb00:714d', '203.0.113.0'),
  forwarded('6to4', '2002:cb00:714d::', '203.0.113.0'),
  forwarded('6to4 with subnet and host', '2002:cb00:714d:1:2:3:4:5', '203.0.113.0'),
  forwarded('6to4, capitals', '2002:CB00:714D::1', '203.0.113.0'),
  forwarded('Teredo', '2001:0:4136:e378:8000:63bf:34ff:8eb2', '203.0.113.0'),
  forwarded('Teredo, short', '2001::34ff:8eb2', '203.0.113.0'),
  forwarded('NAT64', '64:ff9b::203.0.113.77', '203.0.113.0'),
  forwarded('NAT64, hexadecimal', '64:ff9b::cb00:714d', '203.0.113.0'),
  forwarded('NAT64, leading zeros', '0064:ff9b:0:0:0:0:cb00:714d', '203.0.113.0'),
  forwarded('NAT64 of a private network', '64:ff9b:1:abcd::203.0.113.77', '64:ff9b:1::'),
  forwarded('ISATAP', '2001:db8:1:2:0:5efe:203.0.113.77', '2001:db8:1::'),
  { name: 'v4-mapped socket', socket: '::ffff:203.0.113.77', trusted: [], wantedPrefix: '203.0.113.0' },
  { name: '6to4 socket', socket: '2002:cb00:714d::1', trusted: [], wantedPrefix: '203.0.113.0' },
]

const refused: readonly AddressCase[] = [
  forwarded('octal', '0313.0.0161.0115', ''),
  forwarded('a leading zero', '203.0.113.077', ''),
  forwarded('hexadecimal', '0xcb.0x00.0x71.0x4d', ''),
  forwarded('hexadecimal in one', '0xcb00714d', ''),
  forwarded('one number', '3405803853', ''),
  forwarded('two parts', '203.113', ''),
  forwarded('three parts', '203.0.113', ''),
  forwarded('five parts', '203.0.113.77.1', ''),
  forwarded('a part over 255', '203.0.113.256', ''),
  forwarded('a negative part', '203.0.113.-7', ''),
  forwarded('a dot at the end', '203.0.113.77.', ''),
  forwarded('a v4-mapped octal', '::ffff:0313.0.0161.0115', ''),
  forwarded('a v4-mapped short form', '::ffff:203.113', ''),
  forwarded('a CIDR', '203.0.113.77/32', ''),
  forwarded('a v4 zone', '203.0.113.77%eth0', ''),
  forwarded('a port that is none', '203.0.113.77:port', ''),
  forwarded('two ports', '203.0.113.77:1:2', ''),
  forwarded('v4 in brackets with junk', '[203.0.113.77]x', ''),
  forwarded('a bracket not closed', '[2001:db8::1', ''),
  forwarded('nine groups', '1:2:3:4:5:6:7:8:9', ''),
  forwarded('two gaps', '2001::db8::1', ''),
  forwarded('a group of five', '2001:12345::1', ''),
  forwarded('quoted', '"203.0.113.77"', ''),
  forwarded('a name', 'client.example.com', ''),
  forwarded('unknown', 'unknown', ''),
  forwarded('obfuscated', '_hidden', ''),
  forwarded('script', '<script>alert(1)</script>', ''),
  forwarded('other digits', '２０３.0.113.77', ''),
  forwarded('a comma only', ',', ''),
  forwarded('unspecified v4', '0.0.0.0', ''),
  forwarded('unspecified v6', '::', ''),
  forwarded('broadcast', '255.255.255.255', ''),
  forwarded('multicast v4', '224.0.0.1', ''),
  forwarded('multicast v6', 'ff02::1', ''),
  forwarded('6to4 of nobody', '2002:0:0::1', ''),
  { name: 'a socket that has gone', socket: '', trusted: [], wantedPrefix: '' },
  { name: 'a unix socket', socket: '/run/lightfoot.sock', wantedPrefix: '' },
]

const lists: readonly AddressCase[] = [
  forwarded('the last of a list', '198.51.100.1, 203.0.113.77', '203.0.113.0'),
  forwarded('without spaces', '198.51.100.1,203.0.113.77', '203.0.113.0'),
  forwarded('with many spaces', ' 198.51.100.1 ,   203.0.113.77 ', '203.0.113.0'),
  forwarded('with tabs', '198.51.100.1,\t203.0.113.77', '203.0.113.0'),
  forwarded('several headers', ['198.51.100.1', '203.0.113.77'], '203.0.113.0'),
  forwarded(
    'several headers of lists',
    ['192.0.2.1, 198.51.100.1', '203.0.113.77, 127.0.0.1'],
    '203.0.113.0',
  ),
  forwarded('what a client invents stands further left', 'junk, 8.8.8.8, 203.0.113.77', '203.0.113.0'),
  forwarded('junk from the proxy', '203.0.113.77, junk', ''),
  forwarded('an empty place at the end', '203.0.113.77, ', ''),
  forwarded('an empty place at the end, behind trusted', '203.0.113.77,,127.0.0.1', ''),
  {
    name: 'past trusted proxies',
    forwardedFor: '198.51.100.1, 203.0.113.77, 10.0.0.2, 10.0.0.1',
    trusted: ['127.0.0.0/8', '10.0.0.0/8'],
    wantedPrefix: '203.0.113.0',
  },
  {
    name: 'past trusted proxies of both families',
    socket: '::1',
    forwardedFor: '203.0.113.77, fd00::2, 10.0.0.1:8080, [fd00::1]:80',
    trusted: ['::1', '10.0.0.0/8', 'fd00::/8'],
    wantedPrefix: '203.0.113.0',
  },
  {
    name: 'only trusted ones: the first of them',
    forwardedFor: '10.0.0.9, 10.0.0.1',
    trusted: ['127.0.0.1', '10.0.0.0/8'],
    wantedPrefix: '10.0.0.0',
  },
  {
    name: 'a private address that is not trusted is the client',
    forwardedFor: '203.0.113.77, 192.168.7.9',
    trusted: ['127.0.0.1'],
    wantedPrefix: '192.168.7.0',
  },
  {
    name: 'more places than proxies stand in a row',
    forwardedFor: `203.0.113.77${', 127.0.0.1'.repeat(32)}`,
    wantedPrefix: '',
  },
]

const trust: readonly AddressCase[] = [
  {
    name: 'a peer that is not trusted is the client, whatever it says',
    socket: '203.0.113.77',
    forwardedFor: '8.8.8.8',
    wantedPrefix: '203.0.113.0',
  },
  {
    name: 'nobody is trusted',
    socket: '203.0.113.77',
    forwardedFor: '8.8.8.8',
    trusted: [],
    wantedPrefix: '203.0.113.0',
  },
  {
    name: 'just outside the network',
    socket: '10.1.0.0',
    forwardedFor: '8.8.8.8',
    trusted: ['10.0.0.0/16'],
    wantedPrefix: '10.1.0.0',
  },
  {
    name: 'just inside it',
    socket: '10.0.255.255',
    forwardedFor: '8.8.8.8',
    trusted: ['10.0.0.0/16'],
    wantedPrefix: '8.8.8.0',
  },
  {
    name: 'a v4-mapped socket is trusted as v4',
    socket: '::ffff:10.0.0.1',
    forwardedFor: '203.0.113.77',
    trusted: ['10.0.0.0/8'],
    wantedPrefix: '203.0.113.0',
  },
  {
    name: 'trusted, but silent: the peer itself',
    socket: '10.0.0.1',
    trusted: ['10.0.0.0/8'],
    wantedPrefix: '10.0.0.0',
  },
  { name: 'loopback', socket: '127.0.0.1', trusted: [], wantedPrefix: '127.0.0.0' },
  { name: 'loopback v6', socket: '::1', trusted: [], wantedPrefix: '::' },
]

export const addressCases: readonly AddressCase[] = [...plain, ...unwrapped, ...refused, ...lists, ...trust]
