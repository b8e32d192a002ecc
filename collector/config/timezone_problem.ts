// Whether a name is an IANA time zone that both JavaScript and ClickHouse know.

import { didYouMean } from './did_you_mean.ts'

/** undefined, or the rest of a sentence that begins with the key. */
export function timezoneProblem(name: string): string | undefined {
  const canonical = canonicalName(name)
  if (canonical === undefined) {
    const meant = didYouMean(name, Intl.supportedValuesOf('timeZone'))
    const hint =
      meant === undefined ? 'write one such as "Europe/Bucharest" or "UTC"' : `did you mean "${meant}"?`
    return `is not an IANA time zone: ${hint}`
  }
  // JavaScript reads europe/bucharest too, ClickHouse does not. An alias (Asia/Kolkata) is fine and stays as written.
  const isSameButCase = canonical !== name && canonical.toLowerCase() === name.toLowerCase()
  if (isSameButCase || !/^[A-Z][\w+-]*(\/[A-Z][\w+-]*)*$/.test(name)) return `must be written "${canonical}"`
  return undefined
}

function canonicalName(name: string): string | undefined {
  // Offsets (+02:00) are no zones: they know no summer time. Newer versions of Node accept them here, so they go first.
  if (/^[+-]/.test(name)) return undefined
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}
