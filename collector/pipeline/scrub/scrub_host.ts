// Hosts of other sites: referrers, targets, resources. A host that is an address, or a name drawn for one visitor, is
// somebody's; ordinary names stay as they are.

import { limits } from '../../../contract/limits.ts'
import { removePersonal } from './remove_personal.ts'

/** Four labels of digits, of any part of the host. */
const addressLabels = /(?<=^|\.)(?:\d{1,3}\.){3}\d{1,3}(?=$|[.:])/g

/**
 * `WWW.Example.com:8443 → www.example.com:8443`, `203.0.113.7 → :address`, `[2001:db8::1]:80 → :address`, junk → ''. Providers
 * name lines by their address: `203.0.113.7.dsl.example → :address.dsl.example`.
 */
export function scrubHost(host: string): string {
  const lower = host.trim().toLowerCase()
  if (lower.startsWith('[') || /^[\d.]+(?::\d{1,5})?$/.test(lower)) return ':address'
  if (lower.length > limits.hostMax || !/^[\p{L}\p{N}_.-]+(?::\d{1,5})?$/u.test(lower)) return ''
  const labels = lower.replace(addressLabels, ':address').split('.')
  return labels.map(removePersonal).join('.')
}
