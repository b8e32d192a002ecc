// GET /api/sites, GET /api/reports (their names) and GET /api/reports/NAME?site&from&to&format.

import { type Request, type Response, Router } from 'express'
import type { Site } from '../../config/config.ts'
import { findSite } from '../../config/find_site.ts'
import { isReportFormat, reportFormats } from '../../reports/format_result.ts'
import { isReportName, reports, runReport } from '../../reports/run_report.ts'
import { Failure, sendJson } from '../failures.ts'
import type { PrivateParts } from '../private_parts.ts'
import { reportPeriod } from '../report_period.ts'

export function reportsRoute(parts: PrivateParts): Router {
  const router = Router()
  router.get('/api/sites', (_request, response) => {
    const sites = parts.config().sites.map(({ id, name, timezone, mode, minimumGroup, origins }) => {
      return { id, name, timezone, mode, minimumGroup, origins }
    })
    sendJson(response, 200, sites)
  })
  router.get('/api/reports', (_request, response) => {
    sendJson(response, 200, reports)
  })
  router.get('/api/reports/:name', async (request, response) => sendReport(parts, request, response))
  return router
}

async function sendReport(parts: PrivateParts, request: Request, response: Response): Promise<void> {
  const { name } = request.params
  if (typeof name !== 'string' || !isReportName(name)) throw new Failure('unknown_report')
  const site = askedSite(parts, text(request.query.site))
  const period = reportPeriod(site, parts.now(), text(request.query.from), text(request.query.to))
  if (!period)
    throw new Failure('wrong_parameter', 'from and to are days such as 2026-02-28, from not after to.')
  const format = text(request.query.format) ?? 'json'
  if (!isReportFormat(format))
    throw new Failure('wrong_parameter', `format is one of ${reportFormats.join(', ')}.`)
  const database = parts.database()
  if (!database) throw new Failure('engine_away')
  const { contentType, body } = await runReport(database.store, { name, site, ...period, format })
  response.writeHead(200, {
    'Content-Type': contentType,
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** The only site need not be named. */
function askedSite(parts: PrivateParts, id: string | undefined): Site {
  const { sites } = parts.config()
  const site = id === undefined && sites.length === 1 ? sites[0] : findSite(parts.config(), id ?? '')
  if (!site) throw new Failure('wrong_parameter', 'site is the id of a site; GET /api/sites lists them.')
  return site
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
