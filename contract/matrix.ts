// The consent matrix: what may be kept of each field in exempt mode, and what a granted purpose adds. It is data, in
// this one file: the tracker's gate, the collector's gate, the /privacy page and the record of processing are made
// from it. A purpose that was not granted leaves the exempt cell in exempt mode, and nothing in strict mode.

import type { Purpose } from './purposes.ts'

/** `exempt` and `granted` say what is kept, for people; `purpose` is the purpose that opens the granted cell. */
export type MatrixRow = {
  readonly exempt: string
  readonly purpose: Purpose | null
  readonly granted: string
}

export const matrix = {
  address: { exempt: 'nothing', purpose: 'statistics', granted: 'truncated prefix (IPv4 /24, IPv6 /48)' },
  country: { exempt: 'country', purpose: null, granted: 'country' },
  time: { exempt: 'minute', purpose: 'statistics', granted: 'millisecond' },
  url: { exempt: 'path', purpose: 'statistics', granted: 'path and allow-listed parameters' },
  title: { exempt: 'nothing', purpose: 'statistics', granted: 'scrubbed text' },
  view: { exempt: 'nothing', purpose: 'statistics', granted: 'scrubbed name and group' },
  custom: {
    exempt: 'name, if declared in the configuration',
    purpose: 'statistics',
    granted: 'name and scrubbed properties',
  },
  referrer: { exempt: 'host; own pages: path', purpose: 'statistics', granted: 'host and path' },
  campaign: {
    exempt: 'utm_source and utm_medium, each only if it is one plain word',
    purpose: 'campaigns',
    granted: 'all utm_ parameters as scrubbed text, and click ids',
  },
  search: {
    exempt: 'bucket of results',
    purpose: 'behaviour',
    granted: 'scrubbed term and number of results',
  },
  agent: {
    exempt: 'family of browser and system, class of device',
    purpose: 'statistics',
    granted: 'and major version',
  },
  screen: { exempt: 'class', purpose: 'statistics', granted: 'bucket of width' },
  language: { exempt: 'primary tag', purpose: 'statistics', granted: 'tag' },
  timing: { exempt: 'bucket', purpose: 'performance', granted: 'millisecond' },
  vital: { exempt: 'bucket', purpose: 'performance', granted: 'value' },
  error: {
    exempt: 'kind and status class',
    purpose: 'performance',
    granted: 'and path, code, message without data',
  },
  engagement: { exempt: 'steps of 5 s', purpose: 'statistics', granted: 'millisecond' },
  scroll: { exempt: 'quartile', purpose: 'behaviour', granted: 'decile' },
  click: {
    exempt: 'kind',
    purpose: 'behaviour',
    granted: 'named element (never its text) and where it leads',
  },
  hover: { exempt: 'nothing', purpose: 'behaviour', granted: 'dwell by named element' },
  form: { exempt: 'nothing', purpose: 'behaviour', granted: 'outcome by named form' },
  exit: { exempt: 'method', purpose: 'statistics', granted: 'and target host' },
  page: { exempt: '64-bit HMAC under the key of the day', purpose: null, granted: 'the same' },
  visitor: {
    exempt: '24-bit id of the day',
    purpose: 'identity',
    granted: '128-bit first-party id, at most 13 months',
  },
  dialled: { exempt: "the site's own declared numbers", purpose: 'calls', granted: 'any number' },
  disclosure: { exempt: 'nothing', purpose: 'disclosure', granted: 'named recipients' },
} as const satisfies Record<string, MatrixRow>

export type Field = keyof typeof matrix
