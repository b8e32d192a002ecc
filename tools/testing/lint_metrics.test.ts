import { expect, test } from 'vitest'
import { lintMetrics } from './lint_metrics.ts'
import { readMetrics } from './read_metrics.ts'

const good = `# HELP lightfoot_x_total What is counted.
# TYPE lightfoot_x_total counter
lightfoot_x_total{reason="a \\"b\\" \\\\ \\n"} 3

# HELP lightfoot_y_seconds How long it takes.
# TYPE lightfoot_y_seconds histogram
lightfoot_y_seconds_bucket{le="0.5"} 1
lightfoot_y_seconds_bucket{le="+Inf"} 2
lightfoot_y_seconds_sum 1.5e-7
lightfoot_y_seconds_count 2
`

test('what is right passes and is read', () => {
  const { families, problems } = readMetrics(good)
  expect([...problems, ...lintMetrics(families)]).toEqual([])
  expect(families[0]?.samples).toEqual([
    { name: 'lightfoot_x_total', labels: { reason: 'a "b" \\ \n' }, value: 3 },
  ])
})

test.each([
  ['a label without its end', '"} 3', '} 3', 'not a sample'],
  ['a label twice', 'reason="', 'reason="1",reason="', 'not a sample'],
  ['no number', '} 3', '} three', 'not a sample'],
  ['a timestamp', '} 3', '} 3 1700000000000', 'not a sample'],
  ['a name of a digit', 'lightfoot_x_total{', '1ightfoot_x_total{', 'not a sample'],
  ['a sample of another family', 'lightfoot_y_seconds_sum', 'lightfoot_z_sum', 'without its HELP'],
  ['the same series twice', 'le="+Inf"', 'le="0.5"', 'stands there twice'],
  ['described twice', '# HELP lightfoot_y_seconds', '# HELP lightfoot_x_total', 'described twice'],
  ['no end of the last line', 'count 2\n', 'count 2', 'no end'],
  ['a counter by another name', /x_total/g, 'x', 'counters end in _total'],
  ['a gauge called total', 'total counter', 'total gauge', 'counters end in _total'],
  ['no help', 'What is counted.', '', 'no sentence'],
  ['no type', '# TYPE lightfoot_x_total counter\n', '', 'no type'],
  ['a foreign name', /lightfoot_x/g, 'myX', 'snake_case'],
  ['another unit', /y_seconds/g, 'y_ms', 'not a base unit'],
  ['another time', /y_seconds/g, 'y_days', 'not a base unit'],
  ['a unit in the middle', /y_seconds/g, 'seconds_y', 'not at its end'],
  ['a bucket that falls', 'le="0.5"} 1', 'le="0.5"} 9', 'do not rise'],
  ['no last bucket', 'lightfoot_y_seconds_bucket{le="+Inf"} 2\n', '', 'not +Inf'],
  ['another count', 'count 2', 'count 3', 'not its last bucket'],
  ['a negative counter', '} 3', '} -3', 'below 0'],
])('%s', (_, from, to, wanted) => {
  const { families, problems } = readMetrics(good.replace(from, to))
  expect([...problems, ...lintMetrics(families)].join('\n')).toContain(wanted)
})
