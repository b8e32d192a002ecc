// The private listener's API as this page uses it. Speaks HTTP only; knows nothing of the page.

import type { Column, Value } from './format.ts'
import type { Days } from './period.ts'

export type Site = {
  readonly id: string
  readonly name: string
  readonly timezone: string
  readonly origins: readonly string[]
}
/** `collector` is the origin that the snippet names. */
export type Snippet = { readonly site: string; readonly collector: string; readonly snippet: string }
export type ReportInfo = { readonly name: string; readonly title: string; readonly description: string }
export type Row = Readonly<Record<string, Value>>
export type Report = {
  readonly report: string
  readonly site: string
  readonly from: string
  readonly to: string
  readonly timezone: string
  readonly notes: readonly string[]
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
}
export type ReportFormat = 'json' | 'csv'
export type Question = Days & { readonly name: string; readonly site: string }

/** An answer that is no report: its message is the server's own, one line for a person. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export type Api = ReturnType<typeof createApi>

/** `askToken` is called when the server wants a token, at most once at a time; it resolves when there is one. */
export function createApi(token: () => string | undefined, askToken: () => Promise<void>) {
  let asking: Promise<void> | undefined

  async function get(path: string, signal?: AbortSignal): Promise<Response> {
    const value = token()
    const response = await fetch(path, {
      headers: value === undefined ? {} : { Authorization: `Bearer ${value}` },
      cache: 'no-store',
      ...(signal && { signal }),
    })
    if (response.ok) return response
    if (response.status !== 401) throw new ApiError(response.status, await messageOf(response))
    asking ??= askToken().finally(() => {
      asking = undefined
    })
    await asking
    return get(path, signal)
  }

  return {
    sites: async (): Promise<Site[]> => (await get('/api/sites')).json(),
    /** `collector` is where browsers reach it; '' for where it listens. */
    snippet: async (site: string, collector: string, isCore: boolean): Promise<Snippet> => {
      const asked = { site, ...(collector && { collector }), ...(isCore && { core: '1' }) }
      return (await get(`/api/snippet?${new URLSearchParams(asked)}`)).json()
    },
    reports: async (): Promise<ReportInfo[]> => (await get('/api/reports')).json(),
    report: async (question: Question, signal: AbortSignal): Promise<Report> =>
      (await get(reportAddress(question, 'json'), signal)).json(),
    /** The file as it is, for a download that needs the token. */
    file: async (question: Question, format: ReportFormat): Promise<Blob> =>
      (await get(reportAddress(question, format))).blob(),
  }
}

export function reportAddress({ name, site, from, to }: Question, format: ReportFormat): string {
  return `/api/reports/${encodeURIComponent(name)}?${new URLSearchParams({ site, from, to, format })}`
}

/** `{"error":{"code","message"}}`, or what the status says when a proxy answered instead. */
async function messageOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined)
  const message = (body as { error?: { message?: unknown } } | undefined)?.error?.message
  return typeof message === 'string' ? message : `The server answered ${response.status}.`
}
