import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ConfigError } from '../config/config.ts'
import { readSettings } from '../config/settings.ts'
import { keyLifetimeMs } from './day_key_lifetime.ts'
import { serveOptions } from './serve_options.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lightfoot-options-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const config = {
  controller: { name: 'Example Ltd', contact: 'privacy@example.com' },
  sites: [{ id: 'shop', origins: ['https://www.example.com'], mode: 'exempt', policy: 1 }],
}

test.each([
  { isThere: true, isNamed: false, wantsDemo: false, wanted: ['shop'] },
  { isThere: true, isNamed: true, wantsDemo: false, wanted: ['shop'] },
  { isThere: true, isNamed: true, wantsDemo: true, wanted: ['shop', 'demo'] },
  { isThere: false, isNamed: false, wantsDemo: false, wanted: ['demo'] },
  { isThere: false, isNamed: false, wantsDemo: true, wanted: ['demo'] },
  { isThere: false, isNamed: true, wantsDemo: true, wanted: ['demo'] },
  { isThere: false, isNamed: true, wantsDemo: false, wanted: 'not found' },
])('file there: $isThere, named: $isNamed, --demo: $wantsDemo → $wanted', async row => {
  const configFile = join(folder, 'lightfoot.json')
  if (row.isThere) writeFileSync(configFile, JSON.stringify(config))
  const asked = { ...readSettings({}, 1), configFile, isConfigNamed: row.isNamed }
  const { settings, isDemo, isDemoOnly, readConfig } = await serveOptions(asked, row.wantsDemo)
  if (row.wanted === 'not found') expect(readConfig).toThrow(ConfigError)
  else expect(readConfig().sites.map(({ id }) => id)).toEqual(row.wanted)
  expect(isDemo).toBe(row.wanted.includes('demo'))
  // Where real sites are, their keys of the day live as short as ever.
  expect(isDemoOnly).toBe(isDemo && !row.isThere)
  expect(keyLifetimeMs({ isDemoOnly })).toBe((isDemo && !row.isThere ? 74 : 2) * 3600 * 1000)
  // The demo is for this machine only.
  expect(settings.host).toBe(isDemo ? '127.0.0.1' : '0.0.0.0')
})
