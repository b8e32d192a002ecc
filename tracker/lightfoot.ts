// lightfoot.js: every signal, as everything.ts lists them.

import { everyCall, everySignal } from './everything.ts'
import { guard } from './guard.ts'
import { configureByScript } from './settings.ts'
import { start } from './start.ts'

// Without its element it does nothing, but what the page calls is there.
guard(configureByScript)()
start(everySignal, everyCall)
