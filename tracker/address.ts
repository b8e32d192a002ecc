// What of an address may be sent. Never credentials, never a fragment, but for the path in it that a site routes by; the
// collector scrubs once more.

import { allowed, granted } from './gate.ts'
import { data, isExcluded, isHashRouted } from './settings.ts'

const cutUrl = (url: string): string => url.slice(0, LIMIT.urlMax)

/**
 * Path of an own page; '' of one that the site excludes. With hash routing the path in the fragment goes on where the page's
 * own path ends: `/app#/orders/3?q=1 → /app/orders/3`. An anchor (`#top`) is no route.
 */
export const ownPath = (url: string): string => {
  const { pathname, hash } = new URL(url)
  const route = isHashRouted() && /^#!?(\/[^?&#=;]*)/.exec(hash)
  const path = route ? pathname.replace(/\/$/, '') + route[1] : pathname
  return isExcluded(path) ? '' : path
}

/**
 * The page's own address: before consent its path, and source and medium of a campaign where each is one word; '' where the
 * site excludes it.
 */
export const pageUrl = (): string => {
  const path = ownPath(location.href)
  if (!path) return path
  const kept = location.search.slice(1).split('&').filter(mayKeep).join('&')
  return cutUrl(location.origin + (allowed(PURPOSE_OF.url) ? path : '/') + (kept && `?${kept}`))
}

/** One parameter of the query, as written: `utm_source=letter`. */
const mayKeep = (parameter: string): boolean => {
  if (/^utm_(source|medium)=[\w.-]{1,40}$/.test(parameter)) return allowed(PURPOSE_OF.campaign)
  // Click ids: gclid, msclkid, irclickid, gbraid.
  if (!IS_CORE && /^(utm_|\w*(cl\w*id|braid)=)/.test(parameter)) return granted(PURPOSE_OF.campaign)
  return granted(PURPOSE_OF.url) && !!data.parameters?.split(' ').includes(parameter.split('=')[0] ?? '')
}

/** Another site's page: before consent its host only; our own: its path. */
export const referrerUrl = (url: string): string | undefined => {
  return url && allowed(PURPOSE_OF.referrer) ? urlWithPath(url, granted(PURPOSE_OF.referrer)) : undefined
}

/** `https://www.example.com/a?q=1#b → https://www.example.com/a`. An own page that is excluded is not named. */
export const plainUrl = (url: string): string | undefined => urlWithPath(url, true)

/** Of a foreign page `https://www.example.net/` if need be. */
const urlWithPath = (url: string, withForeignPath: boolean): string | undefined => {
  const { protocol, host, pathname } = new URL(url)
  const path = host === location.host ? ownPath(url) : !IS_CORE && withForeignPath ? pathname : '/'
  return path ? cutUrl(`${protocol}//${host}${path}`) : undefined
}
