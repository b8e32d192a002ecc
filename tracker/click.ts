// Clicks on links, buttons and named elements: one listener for the whole page, through open shadow roots. An element is
// named by `data-lf` on itself or on what it stands in, never by its text.

import type { ClickEvent } from '../contract/events.ts'
import { withoutQuery } from './address.ts'
import { now } from './delivery.ts'
import { allowed, granted } from './gate.ts'
import { listen } from './guard.ts'
import { emit } from './page.ts'

const downloads =
  /\.(7z|apk|avi|csv|deb|dmg|docx?|epub|exe|gz|ics|iso|jar|m4a|mov|mp[34g]|msi|od[pst]|pdf|pkg|pptx?|rar|rpm|rtf|tar|tgz|txt|wav|webm|wmv|xlsx?|zip)$/i
const buttons = 'button,[type=submit],[type=button],[type=image],[role=button]'

/** When a link was last followed in this tab. */
export let linkAt = -Infinity

export function startClicks(): void {
  listen(window, 'click', onClick)
  // The middle button follows a link into a new tab; the others open a menu.
  listen(window, 'auxclick', (event: MouseEvent) => event.button === 1 && onClick(event))
}

function onClick(event: MouseEvent): void {
  // A script's click() is not the visitor's.
  if (!event.isTrusted) return
  const path = event.composedPath().filter(part => part instanceof Element)
  const link = path.find(part => part.matches('a[href],area[href]')) as HTMLAnchorElement | undefined
  const name = path.find(part => part.hasAttribute('data-lf'))?.getAttribute('data-lf')
  const kind = link ? kindOfLink(link) : path.some(part => part.matches(buttons)) ? 'button' : name && 'other'
  if (link && isFollowedHere(event, link)) linkAt = now()
  if (kind && allowed(PURPOSE_OF.click)) {
    emit({
      type: 'click',
      kind,
      target: granted(PURPOSE_OF.click) && name ? name.slice(0, LIMIT.nameMax) : undefined,
      href: link && sentHref(link, kind),
    })
  }
}

/** In this tab, as far as one can see. */
function isFollowedHere(
  { button, ctrlKey, metaKey, shiftKey }: MouseEvent,
  { target }: HTMLAnchorElement,
): boolean {
  return !button && !ctrlKey && !metaKey && !shiftKey && target !== '_blank'
}

function kindOfLink({ protocol, pathname, host, download }: HTMLAnchorElement): ClickEvent['kind'] {
  if (protocol === 'tel:') return 'tel'
  if (protocol === 'mailto:') return 'mailto'
  if (download || downloads.test(pathname)) return 'download'
  if (!/^http/.test(protocol)) return 'other'
  return host === location.host ? 'internal' : 'outbound'
}

/** Where it leads, without query; the number that is dialled. Never an address of mail, nor what a script is called with. */
function sentHref(
  { protocol, pathname, href }: HTMLAnchorElement,
  kind: ClickEvent['kind'],
): string | undefined {
  if (kind === 'tel')
    return allowed(PURPOSE_OF.dialled) ? (protocol + pathname).slice(0, LIMIT.nameMax) : undefined
  return /^http/.test(protocol) && granted(PURPOSE_OF.click) ? withoutQuery(href) : undefined
}
