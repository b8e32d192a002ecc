// An event of the site's own. Before consent only its name, which the permit step has found to be declared; with a
// purpose its scrubbed properties too.

import type { CustomEvent } from '../../../contract/events.ts'
import { limits } from '../../../contract/limits.ts'
import type { CellsOf } from '../cells.ts'
import { isDeclared } from '../permit/drop_without_cell.ts'
import { scrubText } from '../scrub/scrub_text.ts'
import type { Context, PageDraft } from './context.ts'

type Properties = NonNullable<CustomEvent['props']>

export function reduceCustom(
  event: CustomEvent,
  page: PageDraft,
  { gate, permitted }: Context,
): CellsOf<'custom'> {
  // A declared name is the configuration's word; on a page that reveals, any other may say what its path may not.
  const isNamed = gate.custom !== 'nothing' && (!page.isSensitive || isDeclared(event.name, permitted.site))
  return {
    name: isNamed ? scrubText(event.name, limits.nameMax) : '',
    properties: gate.custom === 'granted' && !page.isSensitive ? propertiesCell(event.props) : '',
  }
}

/** A flat JSON object, its names sorted; '' when there is none. Numbers are scrubbed like texts: one may be a phone's. */
function propertiesCell(props: Properties | undefined): string {
  if (props === undefined) return ''
  const entries = Object.entries(props).map(([name, value]) => [
    scrubText(name, limits.nameMax),
    scrubValue(value),
  ])
  if (entries.length === 0) return ''
  return JSON.stringify(Object.fromEntries(entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))))
}

function scrubValue(value: string | number | boolean): string | number | boolean {
  if (typeof value === 'boolean') return value
  const text = String(value)
  const clean = scrubText(text, limits.propertyValueMax)
  return typeof value === 'number' && clean === text ? value : clean
}
