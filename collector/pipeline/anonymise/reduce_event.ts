// What an event says, reduced to the cells of the matrix: one function a type, each in a file of its own.

import type { Event } from '../../../contract/events.ts'
import type { EventCells } from '../cells.ts'
import type { Context, PageDraft } from './context.ts'
import { reduceCall } from './reduce_call.ts'
import { reduceClick } from './reduce_click.ts'
import { reduceCustom } from './reduce_custom.ts'
import { reduceEngagement } from './reduce_engagement.ts'
import { reduceError } from './reduce_error.ts'
import { reduceExit } from './reduce_exit.ts'
import { reduceForm } from './reduce_form.ts'
import { reduceHover } from './reduce_hover.ts'
import { reducePageview } from './reduce_pageview.ts'
import { reduceSearch } from './reduce_search.ts'
import { reduceTiming } from './reduce_timing.ts'
import { reduceView } from './reduce_view.ts'
import { reduceVital } from './reduce_vital.ts'

export function reduceEvent(event: Event, page: PageDraft, context: Context): EventCells {
  switch (event.type) {
    case 'pageview':
      return reducePageview(event, page, context)
    case 'engagement':
      return reduceEngagement(event, context)
    case 'exit':
      return reduceExit(event, page, context)
    case 'click':
      return reduceClick(event, page, context)
    case 'hover':
      return reduceHover(event, page, context)
    case 'form':
      return reduceForm(event, page, context)
    case 'search':
      return reduceSearch(event, page, context)
    case 'view':
      return reduceView(event, page, context)
    case 'error':
      return reduceError(event, page, context)
    case 'timing':
      return reduceTiming(event, context)
    case 'vital':
      return reduceVital(event, context)
    case 'custom':
      return reduceCustom(event, page, context)
    case 'call':
      return reduceCall(event, context)
  }
}
