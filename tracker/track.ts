// Events of the site's own, by `lightfoot.track(name, props)`; before consent their name only.

import type { Properties } from './api.ts'
import { allowed, granted } from './gate.ts'
import { emit } from './page.ts'

export const track = (name: string, properties: Properties = {}): void => {
  if (!name || !allowed(PURPOSE_OF.custom)) return
  emit({
    type: 'custom',
    name: name.slice(0, LIMIT.nameMax),
    props: granted(PURPOSE_OF.custom) ? flat(properties) : undefined,
  })
}

/** Other values as text; the contract has no place for objects. */
const flat = (properties: Properties): Properties => {
  const told = Object.entries(properties)
    .filter(([name]) => name)
    .slice(0, LIMIT.propertiesMax)
    .map(([name, value]) => [
      name.slice(0, LIMIT.nameMax),
      value === !!value || Number.isFinite(value) ? value : String(value).slice(0, LIMIT.propertyValueMax),
    ])
  return Object.fromEntries(told)
}
