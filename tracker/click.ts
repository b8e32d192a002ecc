// Clicks on links, buttons and named elements: one listener for the whole page, through open shadow roots. An element is
// named by `data-lf` on itself or on what it stands in, never by its text.

import type { ClickEvent } from '../contract/events.ts'
import { plainUrl } from './address.ts'
import { tellDeclared } from './declared.ts'
import { now } from './delivery.ts'
import { allowed, granted } from './gate.ts'
import { listen } from './guard.ts'
import { opened } from './opened.ts'
import { emit } from './page.ts'

const downloads = IS_CORE
  ? /\.((doc|ppt|xls)x?|7z|apk|csv|dmg|epub|exe|gz|iso|mp[34]|pdf|rar|txt|zip)$/i
  : /\.((doc|ppt|xls)x?|7z|apk|csv|deb|dmg|epub|exe|iso|mov|mp[34]|msi|od[pst]|pdf|pkg|r(ar|pm)|t?gz|txt|zip)$/i
const buttons = 'button,[type=submit],[type=button],[role=button]'

let linkAt: number
let clickedAt: number

/** A link was just followed in this tab. */
export const isLinkFollowed = (): boolean => {
  // What a script does so soon after a click on a link, it does for that.
  const followsMs = 1000
  return now() - linkAt < followsMs
}

export const startClicks = (): void => {
  listen(IS_CORE ? 'click auxclick' : 'click auxclick submit', onClick)
}

const onClick = (event: MouseEvent): void => {
  // A script's click() is not the visitor's. The middle button follows a link into a new tab, the others open a menu.
  if (!event.isTrusted || event.button > 1) return
  const isSubmission = !IS_CORE && event.type === 'submit'
  // A label clicks its control too, at the very same time: one of them counts. Where clocks are coarse, a form's submission seems to be
  // at its button's time.
  if (!IS_CORE && event.timeStamp === clickedAt && !isSubmission) return
  const path = event.composedPath() as Partial<HTMLElement>[]
  const within = (selector: string) => path.find(part => part.matches?.(selector))
  const link = within('a[href]:not(svg a),area[href]') as HTMLAnchorElement | undefined
  const name = IS_CORE ? '' : within('[data-lf]')?.dataset?.lf
  const kind = link ? kindOfLink(link) : within(buttons) ? 'button' : name && 'other'
  if (!IS_CORE && (tellDeclared(path, isSubmission) || kind)) clickedAt = event.timeStamp
  if (isSubmission) return
  if (link && !link.target && !event.button && /^http/.test(link.protocol)) linkAt = now()
  if (kind && (allowed(PURPOSE_OF.click) || (kind === 'tel' && allowed(PURPOSE_OF.dialled)))) {
    const click = {
      type: 'click' as const,
      kind,
      href: link && sentHref(link, kind),
      ...(granted(PURPOSE_OF.click) && name && { target: name.slice(0, LIMIT.nameMax) }),
    }
    if (!IS_CORE) opened?.judge(event, click)
    emit(click)
  }
}

const kindOfLink = (link: HTMLAnchorElement): ClickEvent['kind'] => {
  const [called] = /^(tel|mailto)\b/.exec(link.protocol) ?? []
  if (called) return called as 'tel' | 'mailto'
  if (link.matches('[download]') || downloads.test(link.pathname)) return 'download'
  if (!/^http/.test(link.protocol)) return 'other'
  return link.host === location.host ? 'internal' : 'outbound'
}

/** Where it leads, without query; the number that is dialled. Never an address of mail, nor what a script is called with. */
const sentHref = ({ href }: HTMLAnchorElement, kind: ClickEvent['kind']): string | undefined => {
  if (kind === 'tel') return allowed(PURPOSE_OF.dialled) ? href.slice(0, LIMIT.nameMax) : undefined
  return granted(PURPOSE_OF.click) && /^http/.test(href) ? plainUrl(href) : undefined
}
