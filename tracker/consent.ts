// lightfoot.consent.js: what only a choice needs, loaded with the first one.

export { notice } from './notice.ts'
export { set } from './record_grant.ts'
export { follow } from './tcf.ts'
