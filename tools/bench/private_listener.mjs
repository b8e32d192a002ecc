// What the private listener tells, as anyone may ask it.

export function privateListener(port) {
  const ask = async what => {
    const response = await fetch(`http://127.0.0.1:${port}${what}`)
    if (!response.ok)
      throw new Error(`the private listener answered ${response.status} to ${what.split('?')[0]}`)
    return response
  }
  return {
    status: async () => (await ask('/api/status')).json(),
    /** name → sum over its labels. */
    async metrics() {
      const sums = new Map()
      for (const [, name, value] of (await (await ask('/metrics')).text()).matchAll(
        /^(\w+)(?:\{[^}]*\})? (\S+)$/gm,
      ))
        sums.set(name, (sums.get(name) ?? 0) + Number(value))
      return name => {
        if (!sums.has(name)) throw new Error(`/metrics has no ${name}, from which the bench is made`)
        return sums.get(name)
      }
    },
    /** All events that the report `totals` counts. */
    async reported() {
      const day = offset => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
      const query = new URLSearchParams({ site: 'demo', from: day(-4), to: day(1), format: 'json' })
      const { rows } = await (await ask(`/api/reports/totals?${query}`)).json()
      return rows.reduce((sum, row) => sum + Number(row.events), 0)
    },
  }
}
