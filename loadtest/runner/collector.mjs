// The collector as its operator sees it: status, sites, reports and metrics of the private listener.

const patienceMs = 60_000
const patienceMsMax = 900_000
const pause = ms => new Promise(resolve => setTimeout(resolve, ms))

export function connect({ admin, site }) {
  const token = process.env.LIGHTFOOT_ADMIN_TOKEN
  const headers = token ? { authorization: `Bearer ${token}` } : {}

  async function ask(path) {
    const response = await fetch(admin + path, { headers, signal: AbortSignal.timeout(20_000) })
    if (!response.ok) throw new Error(`${admin} answered ${response.status} to ${path.split('?')[0]}`)
    return response
  }

  const askJson = async path => (await ask(path)).json()

  /** All events that the totals report counts for the site, whatever their type, from four days ago until tomorrow. */
  async function countReported() {
    const day = offset => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
    const query = new URLSearchParams({ site, from: day(-4), to: day(1), format: 'json' })
    const report = await askJson(`/api/reports/totals?${query}`)
    return report.rows.reduce((sum, row) => sum + Number(row.events), 0)
  }

  async function isQuiet() {
    const { spool, load, fold } = await askJson('/api/status')
    return spool.bytes === 0 && load?.state === 'idle' && fold?.dirtyDays.length === 0 && !fold.folding
  }

  return {
    countReported,
    sites: () => askJson('/api/sites'),
    metrics: async () => (await ask('/metrics')).text(),
    /** Events of before the run must not be counted as the run's: waits until all that was taken is loaded and folded. */
    async untilQuiet() {
      const deadline = Date.now() + patienceMs
      for (let quiet = 0; quiet < 3 && Date.now() < deadline; ) {
        quiet = (await isQuiet()) ? quiet + 1 : 0
        await pause(300)
      }
    },
    /**
     * Waits until the reports count so many, or until nothing waits to be loaded or folded and they have not changed for a
     * minute. A busy machine may take longer than that for one fold.
     */
    async untilReported(wanted) {
      const end = Date.now() + patienceMsMax
      let deadline = Date.now() + patienceMs
      let reported = await countReported()
      while (reported < wanted && Date.now() < Math.min(end, deadline)) {
        await pause(500)
        const now = await countReported()
        if (now !== reported || !(await isQuiet())) deadline = Date.now() + patienceMs
        reported = now
      }
      return reported
    },
  }
}
