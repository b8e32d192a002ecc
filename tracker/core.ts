// lightfoot.core.js: what most sites need, in half of the bytes.

import { startClicks } from './click.ts'
import { startEngagement } from './engagement.ts'
import { startExit } from './exit.ts'
import { guard } from './guard.ts'
import { startRoutes } from './routes.ts'
import { startScroll } from './scroll.ts'
import { configureByScript } from './settings.ts'
import { nothing, start } from './start.ts'

// Without its element it does nothing, but what the page calls is there.
guard(configureByScript)()
start([startClicks, startExit, startScroll, startEngagement, startRoutes], {
  track: nothing,
  view: nothing,
  search: nothing,
})
