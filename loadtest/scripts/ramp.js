// Steps of a rising rate, each for as long. What is failure here is for run.mjs to say: the knee is what is looked for, and
// it ends the run when two steps in a row have not held.

import { atRate, common, plan } from './plan.js'
import { sendVisit } from './visitors.js'

export { handleSummary } from './outcome.js'

export const options = {
  ...common,
  scenarios: Object.fromEntries(
    plan.steps.map(({ name, rate, startSeconds }) => [
      name,
      { ...atRate(rate, plan.seconds), startTime: `${startSeconds}s`, gracefulStop: '4s' },
    ]),
  ),
  thresholds: { events_acknowledged: ['count>0'] },
}

export default function visit() {
  sendVisit()
}
