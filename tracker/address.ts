// What of an address may be sent. Never a fragment, never credentials; the collector scrubs once more.

import { allowed, granted } from './gate.ts'

export function cutUrl(url: string): string {
  return url.slice(0, LIMIT.urlMax)
}

/** The page's own address: before consent its path and the source and medium that a campaign's link names. */
export function pageUrl(): string {
  if (!allowed(PURPOSE_OF.url)) return `${location.origin}/`
  const kept = location.search.slice(1).split('&').filter(mayKeep).join('&')
  return cutUrl(location.origin + location.pathname + (kept && `?${kept}`))
}

/** One parameter of the query, as written: `utm_source=letter`. */
function mayKeep(parameter: string): boolean {
  if (/^(utm_source|utm_medium|source|ref)=/.test(parameter)) return allowed(PURPOSE_OF.campaign)
  if (/^(utm_|\w*cl(i|ki)d=|[gw]braid=)/.test(parameter)) return granted(PURPOSE_OF.campaign)
  return granted(PURPOSE_OF.url)
}

/** Another site's page: before consent its host only; our own: its path. */
export function referrerUrl(url: string): string | undefined {
  if (!url || !allowed(PURPOSE_OF.referrer)) return undefined
  const { protocol, host } = new URL(url)
  return host === location.host || granted(PURPOSE_OF.referrer) ? withoutQuery(url) : `${protocol}//${host}/`
}

/** `https://www.example.com/a?q=1#b → https://www.example.com/a` */
export function withoutQuery(url: string): string {
  const { protocol, host, pathname } = new URL(url)
  return cutUrl(`${protocol}//${host}${pathname}`)
}

/** The path of one of our own pages. */
export function ownPath(url: string): string | undefined {
  return url && allowed(PURPOSE_OF.referrer) ? cutUrl(new URL(url).pathname) : undefined
}
