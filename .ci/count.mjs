// Prints `passed failed` of a vitest JSON report, for .ci/run. A file that failed before its tests ran counts as one
// failed, and so does a run that ended with an error although no test failed (an unhandled rejection, a crash).

import { readFileSync } from 'node:fs'

const [report, status] = process.argv.slice(2)
const { passed, failed } = countReport(report)
console.log(passed, failed === 0 && status !== '0' ? 1 : failed)

function countReport(file) {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(file, 'utf8'))
    const brokenFiles = testResults.filter(isBroken).length
    return { passed: numPassedTests, failed: numFailedTests + brokenFiles }
  } catch {
    return { passed: 0, failed: 1 } // no report: the run ended before it could write one
  }
}

function isBroken({ status, assertionResults }) {
  return status === 'failed' && !assertionResults.some(test => test.status === 'failed')
}
