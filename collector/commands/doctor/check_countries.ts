// How old the table of countries is: networks move, and an old table names wrong ones.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Check } from './finding.ts'

const dayMs = 24 * 3600 * 1000
const oldDays = 270

/** The package's version ends in the day of its data: `2.3.2026061719 → 2026-06-17`. */
export const checkCountries: Check = async ({ now }) => {
  const file = createRequire(import.meta.url).resolve(
    '@ip-location-db/geo-whois-asn-country-mmdb/package.json',
  )
  const { version } = JSON.parse(readFileSync(file, 'utf8'))
  const day = /\.(\d{4})(\d{2})(\d{2})\d*$/.exec(version)?.slice(1, 4).join('-')
  if (day === undefined)
    return [{ state: 'warn', text: `countries: the table's date cannot be read from version ${version}` }]
  const isOld = now - Date.parse(day) > oldDays * dayMs
  return [
    {
      state: isOld ? 'warn' : 'ok',
      text: `countries: table of ${day}${isOld ? ': update the package' : ''}`,
    },
  ]
}
