// What of an address may be sent. Never a fragment, never credentials; the collector scrubs once more.

import { allowed, granted } from './gate.ts'

const cutUrl = (url: string): string => url.slice(0, LIMIT.urlMax)

/** The page's own address: before consent its path, and source and medium of a campaign where each is one word. */
export const pageUrl = (): string => {
  if (!allowed(PURPOSE_OF.url)) return `${location.origin}/`
  const kept = location.search.slice(1).split('&').filter(mayKeep).join('&')
  return cutUrl(location.origin + location.pathname + (kept && `?${kept}`))
}

/** One parameter of the query, as written: `utm_source=letter`. */
const mayKeep = (parameter: string): boolean => {
  if (/^utm_(source|medium)=[\w.-]{1,40}$/.test(parameter)) return allowed(PURPOSE_OF.campaign)
  // Click ids: gclid, msclkid, irclickid, gbraid.
  if (/^(utm_|\w*(cl\w*id|braid)=)/.test(parameter)) return granted(PURPOSE_OF.campaign)
  return granted(PURPOSE_OF.url)
}

/** Another site's page: before consent its host only; our own: its path. */
export const referrerUrl = (url: string): string | undefined => {
  return url && allowed(PURPOSE_OF.referrer) ? plainUrl(url, granted(PURPOSE_OF.referrer)) : undefined
}

/** `https://www.example.com/a?q=1#b → https://www.example.com/a`; of a foreign page `https://www.example.net/` if need be. */
export const plainUrl = (url: string, withForeignPath = true): string => {
  const { protocol, host, pathname } = new URL(url)
  return cutUrl(`${protocol}//${host}${withForeignPath || host === location.host ? pathname : '/'}`)
}
