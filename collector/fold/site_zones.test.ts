import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { noteSiteZones, readSiteZones } from './site_zones.ts'

const scratch = mkdtempSync(join(tmpdir(), 'lightfoot-zones-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const now = Date.parse('2026-11-20T23:30:00Z')
const shop = { id: 'shop', timezone: 'UTC' }
const blog = { id: 'blog', timezone: 'Asia/Kolkata' }

it('notices a changed zone once, and not a new site', async () => {
  const directory = join(scratch, 'fold')
  const note = (sites: (typeof shop)[]) => noteSiteZones(directory, sites, now)
  expect(readSiteZones(directory)).toEqual({})
  expect(await note([shop])).toEqual([])
  expect(await note([shop, blog])).toEqual([])
  const moved = { ...shop, timezone: 'Europe/Bucharest' }
  const changed = { from: 'UTC', day: '2026-11-21' }
  expect(await note([moved, blog])).toEqual([{ site: 'shop', timezone: 'Europe/Bucharest', changed }])
  expect(await note([moved])).toEqual([])
  expect(readSiteZones(directory)).toEqual({
    shop: { timezone: 'Europe/Bucharest', changed },
    blog: { timezone: 'Asia/Kolkata' },
  })
  expect(await note([shop])).toMatchObject([{ changed: { from: 'Europe/Bucharest' } }])
})
