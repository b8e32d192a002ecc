// What lightfoot.js and the package both have: every signal, and the calls that the core lacks.

import { startClicks } from './click.ts'
import { startEngagement } from './engagement.ts'
import { startErrors } from './error.ts'
import { startExit } from './exit.ts'
import { guard } from './guard.ts'
import { open, view } from './opened.ts'
import { emit } from './page.ts'
import { startRoutes } from './routes.ts'
import { startScroll } from './scroll.ts'
import { search, startSearch } from './search.ts'
import { track } from './track.ts'
import { startVitals } from './vital.ts'

/** What a grant opens. It tells of the page as it then is. */
const startOpened = (): void => open(event => emit(event))

export const everySignal = [
  startClicks,
  startExit,
  startScroll,
  startEngagement,
  startRoutes,
  startErrors,
  startVitals,
  startSearch,
  startOpened,
]

export const everyCall = { track: guard(track), view: guard(view), search: guard(search) }
