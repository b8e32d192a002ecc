// A base rate, ten times of it at once, and the base rate again. In the spike answers may be slow, and may be 503 when too
// much waits for the disk; what was acknowledged has to be stored all the same, and after it all is as before.

import { atRate, common, plan } from './plan.js'
import { sendVisit } from './visitors.js'

export { handleSummary } from './outcome.js'

const { rate, phases } = plan
const from = (phase, scenario) => ({
  ...scenario,
  startTime: `${phases[phase].startSeconds}s`,
  gracefulStop: '10s',
})

export const options = {
  ...common,
  scenarios: {
    before: from('before', atRate(rate, phases.before.seconds)),
    spike: from('spike', atRate(rate * phases.spike.times, phases.spike.seconds)),
    after: from('after', atRate(rate, phases.after.seconds)),
  },
  thresholds: {
    'http_req_failed{scenario:before}': ['rate==0'],
    'http_req_failed{scenario:spike}': ['rate<0.05'],
    'http_req_failed{scenario:after}': ['rate==0'],
    'http_req_duration{scenario:before}': [`p(99)<${plan.p99Ms}`],
    'http_req_duration{scenario:after}': [`p(99)<${plan.p99Ms}`],
    events_acknowledged: ['count>0'],
  },
}

export default function visit() {
  sendVisit()
}
