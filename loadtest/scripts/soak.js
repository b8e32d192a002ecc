// One rate for a long time. run.mjs watches the memory of the collector's processes meanwhile.

import { atRate, common, plan } from './plan.js'
import { sendVisit } from './visitors.js'

export { handleSummary } from './outcome.js'

export const options = {
  ...common,
  scenarios: { soak: atRate(plan.rate, plan.seconds) },
  thresholds: {
    checks: ['rate==1'],
    http_req_failed: ['rate==0'],
    http_req_duration: [`p(99)<${plan.p99Ms}`],
    events_acknowledged: ['count>0'],
  },
}

export default function visit() {
  sendVisit()
}
