// What lightfoot.js and the package both have: every signal, and the calls that the core lacks.

import { startClicks } from './click.ts'
import { startEngagement } from './engagement.ts'
import { startErrors } from './errors.ts'
import { startExit } from './exit.ts'
import { startForms } from './form.ts'
import { guard } from './guard.ts'
import { startHover } from './hover.ts'
import { startRoutes } from './routes.ts'
import { startScroll } from './scroll.ts'
import { startTiming } from './timing.ts'
import { track } from './track.ts'
import { startVitals } from './vital.ts'

export const everySignal = [
  startClicks,
  startExit,
  startScroll,
  startEngagement,
  startRoutes,
  startTiming,
  startErrors,
  startVitals,
]

export const everyCall = { track: guard(track) }
