// Tells a visitor who opened `#lightfoot-off` or `#lightfoot-on` what stands now: what the cookie says, not what was asked,
// since a browser may keep none. Text and styles are set by script, which every Content-Security-Policy allows.

import { isObjected } from './storage.ts'

/** By language of the page: while there is no objection, and while there is one. */
const words: Record<string, [string, string]> = {
  en: ['This website may count your visits.', 'This website does not count your visits.'],
  de: ['Diese Website darf Ihre Besuche zählen.', 'Diese Website zählt Ihre Besuche nicht.'],
  fr: ['Ce site peut compter vos visites.', 'Ce site ne compte pas vos visites.'],
  es: ['Este sitio puede contar sus visitas.', 'Este sitio no cuenta sus visitas.'],
  ro: ['Acest site poate număra vizitele dumneavoastră.', 'Acest site nu numără vizitele dumneavoastră.'],
}

const shownMs = 8000

export const notice = (): void => {
  const asked = document.documentElement.lang.slice(0, 2).toLowerCase()
  const lang = words[asked] ? asked : 'en'
  const box = document.createElement('div')
  box.lang = lang
  box.setAttribute('role', 'status')
  box.style.cssText =
    'all:initial;position:fixed;z-index:2147483647;bottom:16px;left:16px;padding:12px 16px;border-radius:8px;background:#222;color:#fff;font:16px/1.4 system-ui,sans-serif;cursor:pointer'
  const remove = () => box.remove()
  box.onclick = remove
  setTimeout(remove, shownMs)
  document.documentElement.append(box)
  // Said aloud only if it comes into a region that is there already.
  setTimeout(() => {
    box.textContent = words[lang]?.[Number(isObjected())] ?? ''
  })
}
