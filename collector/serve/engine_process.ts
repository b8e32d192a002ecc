// The entry of the engine's process; the supervisor forks it.

import { engine } from './engine.ts'

await engine()
