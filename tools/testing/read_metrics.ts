// Reads the Prometheus text format strictly, line by line; the parsers that npm has read anything. Each line that is not of
// the format is a problem.

export type Sample = {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}
export type Family = {
  readonly name: string
  readonly help: string
  readonly type: string
  readonly samples: readonly Sample[]
}
export type ReadMetrics = { readonly families: readonly Family[]; readonly problems: readonly string[] }

const name = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(,|$)/y
const number = /^(?:[+-]?Inf|NaN|[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/
const suffixes = { histogram: ['_bucket', '_sum', '_count'], summary: ['', '_sum', '_count'] } as const

export function readMetrics(text: string): ReadMetrics {
  const families: { name: string; help: string; type: string; samples: Sample[] }[] = []
  const problems: string[] = []
  if (!text.endsWith('\n')) problems.push('the last line has no end')
  for (const [index, line] of text.split('\n').entries()) {
    const wrong = (what: string) => problems.push(`line ${index + 1}: ${what}`)
    const family = families.at(-1)
    const [, keyword, of = '', rest = ''] = new RegExp(`^# (HELP|TYPE) (${name})(?: (.*))?$`).exec(line) ?? []
    if (keyword === 'HELP') {
      if (families.some(known => known.name === of)) wrong(`${of} is described twice`)
      families.push({ name: of, help: rest, type: '', samples: [] })
    } else if (keyword === 'TYPE') {
      if (family?.name !== of || family.type !== '' || family.samples.length > 0)
        wrong(`a TYPE of ${of} out of place`)
      else family.type = rest
    } else if (line !== '' && !/^# (?!HELP|TYPE)/.test(line)) {
      const sample = readSample(line)
      if (!sample) wrong('not a sample')
      else if (!family || !isOf(sample.name, family))
        wrong(`${sample.name} without its HELP and TYPE before it`)
      else if (family.samples.some(known => isSameSeries(known, sample)))
        wrong(`${sample.name} stands there twice`)
      else family.samples.push(sample)
    }
  }
  return { families, problems }
}

function readSample(line: string): Sample | undefined {
  const [, sampleName, braces, value = ''] = new RegExp(`^(${name})(?:\\{(.*)\\})? (\\S+)$`).exec(line) ?? []
  const labels = readLabels(braces ?? '')
  if (sampleName === undefined || labels === undefined || !number.test(value)) return undefined
  return { name: sampleName, labels, value: Number(value.replace('Inf', 'Infinity')) }
}

/** `a="1",b="2"`; undefined when it is not of this form, or names a label twice. */
function readLabels(text: string): Record<string, string> | undefined {
  const labels: Record<string, string> = {}
  label.lastIndex = 0
  for (let at = 0; at < text.length; at = label.lastIndex) {
    const [, key, value = ''] = label.exec(text) ?? []
    if (key === undefined || key in labels) return undefined
    labels[key] = value.replaceAll(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped))
  }
  return labels
}

function isOf(sample: string, { name: family, type }: Family): boolean {
  const endings = type === 'histogram' || type === 'summary' ? suffixes[type] : ['']
  return endings.some(ending => sample === family + ending)
}

/** `lightfoot_x_total{a="1"}`: the name of a series. */
export function seriesOf({ name: sample, labels }: Sample): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
  return `${sample}{${pairs.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}}`
}

function isSameSeries(a: Sample, b: Sample): boolean {
  return seriesOf(a) === seriesOf(b)
}
