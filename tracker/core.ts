// lightfoot.core.js: what most sites need, in half of the bytes.

import { startClicks } from './click.ts'
import { startEngagement } from './engagement.ts'
import { startExit } from './exit.ts'
import { guard } from './guard.ts'
import { startRoutes } from './routes.ts'
import { startScroll } from './scroll.ts'
import { configureByScript } from './settings.ts'
import { start } from './start.ts'

guard(() => {
  configureByScript()
  start([startClicks, startExit, startScroll, startEngagement, startRoutes])
})()
