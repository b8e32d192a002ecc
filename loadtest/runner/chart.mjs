// A chart over time as inline SVG: lines, a grid with round numbers, and a legend in words. No script, no file from elsewhere.

const width = 720
const height = 220
const margin = { left: 56, right: 12, top: 10, bottom: 26 }
const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom }

/** `series`: `[{ name, points: [[seconds, value], …] }]`, in one unit. A gap of more than three seconds stays a gap. */
export function chart({ title, unit, series, seconds }) {
  const drawn = series.filter(({ points }) => points.length > 0)
  const highest = Math.max(...drawn.flatMap(({ points }) => points.map(([, value]) => value)), 0)
  const ticks = roundTicks(highest, 4)
  const top = ticks.at(-1)
  const x = second => margin.left + (second / Math.max(1, seconds)) * inner.width
  const y = value => margin.top + inner.height * (1 - value / top)
  const lines = drawn.map(
    ({ points }, index) => `<path class="line s${index % 6}" d="${pathOf(points, x, y)}"/>`,
  )
  const grid = ticks.map(
    value =>
      `<line class="grid" x1="${margin.left}" x2="${width - margin.right}" y1="${fixed(y(value))}" y2="${fixed(y(value))}"/>` +
      `<text class="tick" x="${margin.left - 8}" y="${fixed(y(value) + 4)}" text-anchor="end">${label(value)}</text>`,
  )
  const times = roundTicks(seconds, 6)
    .filter(second => second <= seconds)
    .map(
      second =>
        `<text class="tick" x="${fixed(x(second))}" y="${height - 6}" text-anchor="middle">${time(second)}</text>`,
    )
  const legend = drawn.map(
    ({ name, points }, index) =>
      `<li><span class="key s${index % 6}"></span>${escapeText(name)} <b>${label(Math.max(...points.map(([, value]) => value)))}</b></li>`,
  )
  return `<figure>
<figcaption>${escapeText(title)} <span class="unit">${escapeText(unit)}; highest in bold</span></figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeText(`${title}, highest ${label(highest)} ${unit}`)}">
${[...grid, ...times, ...lines].join('\n')}
</svg>
<ul class="legend">${legend.join('')}</ul>
</figure>`
}

function pathOf(points, x, y) {
  let before = Number.NEGATIVE_INFINITY
  return points
    .map(([second, value]) => {
      const move = second - before > 3 ? 'M' : 'L'
      before = second
      return `${move}${fixed(x(second))} ${fixed(y(value))}`
    })
    .join('')
}

/** From 0 to at least `highest`, about `count` of them, each 1, 2 or 5 times a power of ten. */
export function roundTicks(highest, count) {
  const rough = (highest > 0 ? highest : 1) / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map(factor => factor * power).find(candidate => candidate >= rough * 0.999)
  const steps = Math.max(1, Math.ceil(((highest > 0 ? highest : 1) / step) * 0.999))
  return Array.from({ length: steps + 1 }, (_, index) => Number((index * step).toPrecision(12)))
}

function label(value) {
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))
}

function time(seconds) {
  if (seconds < 120) return `${seconds} s`
  return seconds < 7200
    ? `${Number((seconds / 60).toPrecision(3))} min`
    : `${Number((seconds / 3600).toPrecision(3))} h`
}

function fixed(value) {
  return value.toFixed(1)
}

export function escapeText(text) {
  return String(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
