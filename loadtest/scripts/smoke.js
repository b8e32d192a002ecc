// A short run: a few visitors, each as fast as answers come. It fails when a request is not acknowledged.

import { common, plan } from './plan.js'
import { sendVisit } from './visitors.js'

export { handleSummary } from './outcome.js'

export const options = {
  ...common,
  scenarios: {
    smoke: { executor: 'constant-vus', vus: plan.vus, duration: `${plan.seconds}s`, gracefulStop: '5s' },
  },
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
