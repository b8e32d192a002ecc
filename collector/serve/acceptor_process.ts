// The entry of an acceptor's process; cluster starts it.

import { acceptor } from './acceptor.ts'

await acceptor()
