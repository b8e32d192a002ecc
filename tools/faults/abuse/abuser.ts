// The process that abuses: `abuser NAME PORT MS` runs one abuse and prints its tally as JSON. A process of its own, so that
// what it costs is not taken for the collector's slowness, and so that its end closes whatever it has open.

import { abuse, isAbuseName } from './abuses.ts'

const [name = '', port, ms] = process.argv.slice(2)
if (!isAbuseName(name)) throw new Error(`no abuse is called ${name}`)
console.log(JSON.stringify(await abuse(name, Number(port), Number(ms))))
process.exit(0)
