// Which site a batch is of, and whether an origin belongs to it. Nothing is accepted from an origin that is not listed.

import type { Config, Site } from './config.ts'

export function findSite(config: Config, id: string): Site | undefined {
  return config.sites.find(site => site.id === id)
}

/**
 * `origin` as browsers send it, or as `new URL(…).origin` gives it. `https://*.example.com` covers every subdomain, but
 * neither `https://example.com` itself nor `https://evilexample.com`; scheme and port must be the same.
 */
export function originBelongs(site: Site, origin: string): boolean {
  if (isListed(site, origin)) return true
  // Most origins that do not belong are referrers of other sites, already as browsers write them: nothing to parse.
  if (!/[A-Z]|[^!-~]|:(80|443)$/.test(origin)) return false
  const normal = normalOrigin(origin)
  return normal !== undefined && isListed(site, normal)
}

function isListed(site: Site, origin: string): boolean {
  for (const entry of site.origins) {
    if (entry.includes('*') ? isSubdomain(entry, origin) : entry === origin) return true
  }
  return false
}

/** The entry is `scheme://*.domain`: the origin must be `scheme://`, at least one label, `.domain`. */
function isSubdomain(entry: string, origin: string): boolean {
  const star = entry.indexOf('*')
  const scheme = entry.slice(0, star)
  const domain = entry.slice(star + 1)
  if (!origin.startsWith(scheme) || !origin.endsWith(domain)) return false
  return /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(origin.slice(scheme.length, -domain.length))
}

/** Upper case and a default port are the same origin: `HTTPS://Shop.example.com:443 → https://shop.example.com`. */
function normalOrigin(origin: string): string | undefined {
  if (!URL.canParse(origin)) return undefined
  const url = new URL(origin)
  const isBare =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === ''
  return isBare ? url.origin : undefined
}
