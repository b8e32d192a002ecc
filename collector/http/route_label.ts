// The route of a request as a metric's label: a closed list, never the path itself.

const known = new Set([
  '/v1/events',
  '/v1/pixel.gif',
  '/v1/consent',
  '/privacy',
  '/healthz',
  '/readyz',
  '/lightfoot.js',
])

/** `/v1/events → '/v1/events'`, `/t/…/lightfoot.js → '/t'`, anything else → `'other'`. */
export function routeLabel(path: string): string {
  if (known.has(path)) return path
  if (path.startsWith('/t/')) return '/t'
  if (path.startsWith('/v1/consent/')) return '/v1/consent/:id/proof'
  if (path.startsWith('/demo')) return '/demo'
  return 'other'
}
