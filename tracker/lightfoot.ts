// lightfoot.js: every signal.

import { startClicks } from './click.ts'
import { startEngagement } from './engagement.ts'
import { startErrors } from './errors.ts'
import { startExit } from './exit.ts'
import { guard } from './guard.ts'
import { loadSibling } from './load_sibling.ts'
import { startRoutes } from './routes.ts'
import { startScroll } from './scroll.ts'
import { configureByScript } from './settings.ts'
import { start } from './start.ts'
import { startTiming } from './timing.ts'
import { track } from './track.ts'

guard(() => {
  configureByScript()
  const signals = [
    startClicks,
    startExit,
    startScroll,
    startEngagement,
    startRoutes,
    startTiming,
    startErrors,
  ]
  start(signals, loadSibling, { track: guard(track) })
})()
