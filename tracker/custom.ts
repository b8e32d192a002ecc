// Events of the site's own, by `lightfoot.track(name, props)`; before consent their name only.

import { allowed, granted } from './gate.ts'
import { emit } from './page.ts'

export type Properties = Record<string, string | number | boolean>

export function track(name: string, properties: Properties = {}): void {
  if (!name || !allowed(PURPOSE_OF.custom)) return
  emit({
    type: 'custom',
    name: name.slice(0, LIMIT.nameMax),
    props: granted(PURPOSE_OF.custom) ? flat(properties) : undefined,
  })
}

/** What the contract has no place for (objects, NaN, nameless) is left out. */
function flat(properties: Properties): Properties {
  const kept = Object.entries(properties)
    .filter(([name, value]) => name && (/^(str|boo)/.test(typeof value) || Number.isFinite(value)))
    .map(([name, value]) => [
      name.slice(0, LIMIT.nameMax),
      typeof value === 'string' ? value.slice(0, LIMIT.propertyValueMax) : value,
    ])
  return Object.fromEntries(kept.slice(0, LIMIT.propertiesMax))
}
