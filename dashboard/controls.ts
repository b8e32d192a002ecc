// The form at the top: which site, which period. Its state is also in the page's address, so that a view can be kept.

import type { Site } from './api.ts'
import { element } from './element.ts'
import {
  type Days,
  daysOf,
  faultOfDays,
  isDay,
  isPeriodKind,
  localDay,
  type PeriodKind,
  periodKinds,
  periodNames,
} from './period.ts'

export type Choice = Days & { readonly site: Site }

/** Fills the form; `onChoice` is called with every complete choice, the first one included. */
export function showControls(
  form: HTMLFormElement,
  sites: readonly [Site, ...Site[]],
  now: () => number,
  onChoice: (choice: Choice) => void,
): void {
  const asked = new URLSearchParams(location.search)
  const site = element(
    'select',
    { id: 'site' },
    ...sites.map(({ id, name }) => element('option', { value: id }, name || id)),
  )
  if (sites.some(({ id }) => id === asked.get('site'))) site.value = asked.get('site') ?? ''
  const askedKind = asked.get('period')
  let kind: PeriodKind = isPeriodKind(askedKind) ? askedKind : '7d'
  const from = dayInput('from', 'First day')
  const to = dayInput('to', 'Last day')
  const own = element('fieldset', { class: 'own' }, element('legend', {}, 'Days'), from.label, to.label)
  const refresh = element('button', { type: 'submit' }, 'Refresh')
  const zone = element('p', { class: 'zone' })
  form.replaceChildren(labelled('Site', site), periodChoice(), own, refresh, zone)
  if (kind === 'own') setDays({ from: dayOr(asked.get('from')), to: dayOr(asked.get('to')) })

  form.addEventListener('change', changed)
  form.addEventListener('submit', event => {
    event.preventDefault()
    changed()
  })
  changed()

  function currentSite(): Site {
    return sites.find(({ id }) => id === site.value) ?? sites[0]
  }

  function changed(): void {
    const chosen = currentSite()
    if (kind !== 'own') setDays(daysOf(kind, chosen.timezone, now()))
    own.hidden = kind !== 'own'
    to.input.max = localDay(chosen.timezone, now())
    zone.textContent = `Days in ${chosen.timezone}`
    const days = { from: from.input.value, to: to.input.value }
    to.input.setCustomValidity(faultOfDays(days))
    if (!form.reportValidity()) return
    keepInAddress({ site: chosen.id, period: kind, ...(kind === 'own' && days) })
    onChoice({ site: chosen, ...days })
  }

  function setDays(days: Days): void {
    from.input.value = days.from
    to.input.value = days.to
  }

  function dayOr(text: string | null): string {
    return text !== null && isDay(text) ? text : localDay(currentSite().timezone, now())
  }

  function periodChoice(): HTMLElement {
    const set = element('fieldset', { class: 'period' }, element('legend', {}, 'Period'))
    for (const each of periodKinds) {
      const input = element('input', { type: 'radio', name: 'period', value: each, id: `period-${each}` })
      input.checked = each === kind
      input.addEventListener('change', () => {
        kind = each
      })
      set.append(input, element('label', { for: input.id }, periodNames[each]))
    }
    return set
  }
}

function labelled(text: string, field: HTMLElement): HTMLElement {
  return element('div', { class: 'field' }, element('label', { for: field.id }, text), field)
}

function dayInput(id: string, text: string) {
  const input = element('input', { type: 'date', id, required: '' })
  return { input, label: labelled(text, input) }
}

function keepInAddress(state: Readonly<Record<string, string>>): void {
  history.replaceState(null, '', `?${new URLSearchParams(state)}${location.hash}`)
}
