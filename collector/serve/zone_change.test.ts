import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { countReported, startProduct } from '../../tools/testing/product.ts'
import { postBatch, sampleBatch } from '../../tools/testing/sample_batch.ts'

const origin = 'https://www.example.com'
const site = { id: 'shop', origins: [origin], mode: 'exempt', policy: 1, minimumGroup: 1 }
const patient = { timeout: 20_000, interval: 100 }

test('a changed time zone is said once, and every event stays in one day', { timeout: 90_000 }, async () => {
  const product = await startProduct({ config: { sites: [{ ...site, timezone: 'Pacific/Pago_Pago' }] } })
  const accepted = async () => {
    const batch = sampleBatch('shop', origin)
    expect((await postBatch(product.publicUrl, origin, batch)).status).toBe(202)
    return batch.events.length
  }
  const lines = () => product.output().match(/site shop is now in [^"]*/g) ?? []
  try {
    const before = await accepted()
    await expect.poll(() => countReported(product), patient).toBe(before)
    const [kept] = await product.report('hours')
    expect(kept).toMatchObject({ events: before, visitors: 1 })

    const moved = { sites: [{ ...site, timezone: 'Pacific/Kiritimati' }] }
    writeFileSync(product.configFile, JSON.stringify(moved))
    product.kill('supervisor', 'SIGHUP')
    await expect.poll(lines, patient).toHaveLength(1)
    expect(lines()[0]).toContain('its days so far stay days of Pacific/Pago_Pago')
    // 25 hours apart: no day of one is the same day in the other.
    const after = await accepted()
    await expect.poll(() => countReported(product), patient).toBe(before + after)
    expect((await product.cli(['fold'])).stdout).toContain('folded (2 of 2)')
    const { day, events, visitors } = { ...kept }
    expect(await product.report('hours')).toMatchObject([
      { day, events, visitors },
      { events: after, visitors: 1 },
    ])
    expect((await product.cli(['doctor'])).stdout).toContain('are days of Pacific/Pago_Pago')

    product.kill('supervisor', 'SIGHUP')
    expect(await accepted()).toBe(after)
    await expect.poll(() => countReported(product), patient).toBe(before + 2 * after)
    expect(lines()).toHaveLength(1)
  } finally {
    await product.stop()
  }
})
