// What hosts and networks of the settings mean. (Clients' addresses are none of this file's business.)

import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'

/** Whether a listener on this host can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  if (bare === 'localhost' || bare === '::1' || bare === '::ffff:127.0.0.1') return true
  return isIPv4(bare) && bare.startsWith('127.')
}

/** `10.0.0.0/8` as it is, a single address as a network of one: `10.0.0.1 → 10.0.0.1/32`; undefined if it is neither. */
export function parseCidr(text: string): string | undefined {
  const [address = '', bits, ...rest] = text.split('/')
  if (rest.length > 0 || isIP(address) === 0 || address.includes('%')) return undefined
  const bitsMax = isIPv6(address) ? 128 : 32
  if (bits === undefined) return `${address}/${bitsMax}`
  return /^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax ? `${address}/${Number(bits)}` : undefined
}

/**
 * `::ffff:10.0.0.0/104`, `2002:a00::/24`: a client's address is taken out of such a form before it is compared (client_address.ts
 * in http), so this network would trust nobody, or another one than was meant.
 */
export function hidesIpv4(cidr: string): boolean {
  const [address = ''] = cidr.split('/')
  // `::0.0.0.0` too, which is the unspecified address for some readers and an IPv4 one for others.
  if (isIPv6(address) && address.includes('.')) return true
  return isIPv6(address) && hiding.check(address, 'ipv6') && !plain.check(address, 'ipv6')
}

const hiding = new BlockList()
hiding.addSubnet('::', 96, 'ipv6') // v4-compatible
hiding.addSubnet('::ffff:0:0', 96, 'ipv6') // v4-mapped
hiding.addSubnet('::ffff:0:0:0', 96, 'ipv6') // v4-translated
hiding.addSubnet('64:ff9b::', 96, 'ipv6') // NAT64
hiding.addSubnet('2001::', 32, 'ipv6') // Teredo
hiding.addSubnet('2002::', 16, 'ipv6') // 6to4

/** The unspecified address and loopback. */
const plain = new BlockList()
plain.addSubnet('::', 112, 'ipv6')
