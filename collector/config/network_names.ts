// What hosts and networks of the settings mean. (Clients' addresses are none of this file's business.)

import { isIP, isIPv4, isIPv6 } from 'node:net'

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
