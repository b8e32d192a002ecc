import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { dayFromToday, spoolRecord } from '../../tools/testing/spool_records.ts'
import { demoConfig } from '../config/demo_config.ts'
import { readSettings } from '../config/settings.ts'
import { readBootId } from '../spool/boot_id.ts'
import { openSpoolWriter } from '../spool/writer.ts'
import { openDatabase } from './engine_database.ts'
import { addEngineTotals } from './engine_metrics.ts'

/** Kept for so short that the day is no longer whole when its rows arrive. */
const late = { day: dayFromToday(-20), expires: dayFromToday(1) }

test('rows that come after their day has begun to expire are counted as dropped, reason late', async () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'lightfoot-late-'))
  const settings = readSettings({ LIGHTFOOT_DATA: dataDirectory }, 1)
  const writer = await openSpoolWriter({
    directory: join(dataDirectory, 'spool'),
    slot: 1,
    pid: process.pid,
    bootId: readBootId(),
    now: Date.now,
  })
  await writer.append(spoolRecord(1, { rowCount: 2, values: late }))
  await writer.append(spoolRecord(2))
  const database = await openDatabase(settings, () => demoConfig({ port: 8080, timezone: 'UTC' }), {
    isHasty: true,
  })
  const registry = new Registry()
  addEngineTotals(registry, () => database)
  try {
    while (await database.loader.tick());
    expect(database.loader.status()).toMatchObject({ loads: 1, rows: 3 })
    expect(database.folder.status()).toMatchObject({ dirtyDays: [dayFromToday(0)], lateRows: 2 })
    expect(await registry.metrics()).toContain('lightfoot_events_dropped_total{reason="late"} 2')
  } finally {
    await writer.close()
    await database.store.close()
    rmSync(dataDirectory, { recursive: true, force: true })
  }
})
