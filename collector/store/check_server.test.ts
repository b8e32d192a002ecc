import { expect, test } from 'vitest'
import { versionProblem } from './check_server.ts'

test.each([
  ['24.12.1.1614', false],
  ['25.3.14.14', false],
  ['25.8.1.5101', true],
  ['25.10.2.1', true],
  ['26.7.2.1', true],
  ['27.1', true],
  ['of our own', true],
])('%s', (version, isGood) => {
  expect(versionProblem(version)).toEqual(isGood ? undefined : expect.stringMatching(/25\.8 is the oldest/))
})
