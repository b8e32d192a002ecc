import fc from 'fast-check'
import { AggregatorRegistry, Histogram, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { plainHistogram } from './plain_histogram.ts'

test('it says what the histogram of prom-client says, for any observations', async () => {
  const buckets = [0.001, 0.01, 0.1, 1]
  const options = { name: 'x_seconds', help: 'x', buckets }
  const value = fc.oneof(fc.constantFrom(0, ...buckets), fc.double({ min: 0, max: 2, noNaN: true }))
  await fc.assert(
    fc.asyncProperty(fc.array(value), async observations => {
      const theirs = new Registry()
      const ours = new Registry()
      const histogram = new Histogram({ ...options, registers: [theirs] })
      const plain = plainHistogram(ours, options)
      for (const observation of observations) {
        histogram.observe(observation)
        plain.observe(observation)
      }
      expect(await ours.metrics()).toBe(await theirs.metrics())
      expect(await twice(ours)).toBe(await twice(theirs))
    }),
  )
})

/** As two acceptors' figures go to the engine: as JSON, and added up. */
async function twice(registry: Registry): Promise<string> {
  const snapshot = JSON.parse(JSON.stringify(await registry.getMetricsAsJSON()))
  return AggregatorRegistry.aggregate([snapshot, snapshot]).metrics()
}
