// The command, as it is typed, for a small run against the built product. A large one: `npm run fuzz -- --requests 1000000`.

import { expect, test } from 'vitest'
import { packageRoot } from '../../collector/config/package_root.ts'
import { type Ran, runProgram } from '../testing/run_program.ts'

const requests = 6000
const seed = 20_261_123

function run(...options: readonly string[]): Promise<Ran> {
  const parameters = ['run', '--silent', 'fuzz', '--', ...options]
  return runProgram('npm', parameters, { cwd: packageRoot(), timeoutMs: 170_000 })
}

test('generated requests: no crash, no 500, nothing lost, nothing leaked', async () => {
  const { status, stdout, stderr } = await run('--requests', String(requests), '--seed', String(seed))
  console.log(stdout)
  expect(status, stdout + stderr).toBe(0)
  expect(stdout).toContain(`seed ${seed}`)
  expect(stdout).toContain('nothing is wrong')
  // And it was no run of refusals only.
  const count = (what: string) => Number(new RegExp(`(\\d+) ${what}`).exec(stdout)?.[1])
  expect(count('in \\d+ s')).toBe(requests)
  expect(count('× 202')).toBeGreaterThan(requests / 3)
  expect(count('× 400')).toBeGreaterThan(requests / 10)
  expect(count('accepted')).toBeGreaterThan(requests / 2)
  expect(count('stored')).toBe(count('accepted'))
}, 180_000)

test('one request of a seed is shown with its answer', async () => {
  const { status, stdout, stderr } = await run('--seed', String(seed), '--only', '1054')
  expect(status, stderr).toBe(0)
  expect(stdout).toMatch(/^odd head, wanted \{"statuses":\[202\]/)
  expect(stdout).toMatch(/POST \/v1\/events HTTP\/1\.1\r?\n[\s\S]*HTTP\/1\.1 202 Accepted/)
}, 120_000)

test('what it cannot read is told in one line', async () => {
  const { status, stderr } = await run('--requests', 'many')
  expect([status, stderr.trim()]).toEqual([2, '--requests, --seed and --only are whole numbers'])
})
