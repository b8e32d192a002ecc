// What the Prometheus conventions ask of names, types and values, beyond the format: the rules of `promtool check metrics`
// as far as they concern a text, and those of a histogram. https://prometheus.io/docs/practices/naming/

import type { Family } from './read_metrics.ts'

const types = new Set(['counter', 'gauge', 'histogram'])
const baseUnits = new Set(['seconds', 'bytes', 'ratio'])
/** Parts of a name that say a unit which is not a base unit, or say it in short. */
const otherUnits =
  /^(?:milli|micro|nano|kilo|mega|giga)?(?:minutes|hours|days|weeks|bits|percent|ms|us|ns|sec|secs|kb|mb|gb|kib|mib|gib|millis)$|^(?:milli|micro|nano|kilo|mega|giga)(?:seconds|bytes)$/

export function lintMetrics(families: readonly Family[]): string[] {
  return families.flatMap(family => problemsOf(family).map(problem => `${family.name}: ${problem}`))
}

function problemsOf(family: Family): string[] {
  const { name, help, type, samples } = family
  const parts = name.replace(/_total$/, '').split('_')
  const unitAt = parts.findIndex(part => baseUnits.has(part))
  const labels = samples.flatMap(sample => Object.keys(sample.labels))
  const rules: [boolean, string][] = [
    [help.length > 10 && /[.]$/.test(help), 'its help is no sentence'],
    [types.has(type), 'it has no type that we use'],
    [/^lightfoot(?:_[a-z0-9]+)+$/.test(name), 'its name is not lightfoot_ and snake_case'],
    [(type === 'counter') === name.endsWith('_total'), 'counters end in _total, and nothing else does'],
    [!/_(?:bucket|sum|count|info_total)$/.test(name), 'its end is reserved'],
    [!/_(?:counter|gauge|histogram)(?:_|$)/.test(name), 'its type is in its name'],
    [!parts.some(part => otherUnits.test(part)), 'its unit is not a base unit'],
    [unitAt === -1 || unitAt === parts.length - 1, 'its unit is not at its end'],
    [labels.every(label => /^(?:le|[a-z][a-z_]*)$/.test(label)), 'a label is not snake_case'],
    [!labels.some(label => ['instance', 'job', '__name__'].includes(label)), 'a label is reserved'],
    [type !== 'counter' || samples.every(({ value }) => value >= 0), 'a counter is below 0'],
    [samples.length > 0, 'it has no sample'],
  ]
  const broken = rules.flatMap(([holds, problem]) => (holds ? [] : [problem]))
  return type === 'histogram' ? [...broken, ...histogramProblems(family)] : broken
}

/** Buckets rise, the last is +Inf and equals the count. Ours have no other label than `le`. */
function histogramProblems({ name, samples }: Family): string[] {
  const of = (ending: string) => samples.filter(sample => sample.name === name + ending)
  const buckets = of('_bucket')
  const [count] = of('_count')
  const bounds = buckets.map(({ labels }) => Number(labels.le?.replace('Inf', 'Infinity')))
  const rises = (values: readonly number[], isStrict: boolean) =>
    values.every(
      (value, index) =>
        index === 0 || value > at(values, index - 1) || (!isStrict && value === at(values, index - 1)),
    )
  const rules: [boolean, string][] = [
    [buckets.length > 1 && rises(bounds, true), 'its bounds do not rise'],
    [bounds.at(-1) === Number.POSITIVE_INFINITY, 'its last bucket is not +Inf'],
    [
      rises(
        buckets.map(({ value }) => value),
        false,
      ),
      'its buckets do not rise',
    ],
    [count !== undefined && count.value === buckets.at(-1)?.value, 'its count is not its last bucket'],
    [of('_sum').length === 1, 'it has no sum'],
  ]
  return rules.flatMap(([holds, problem]) => (holds ? [] : [problem]))
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? 0
}
