// The configuration of the demo site, where there is no lightfoot.json: one site on loopback, every figure visible.

import type { Config, Site } from './config.ts'

/** `port` is the public listener's, on which /demo/ is served; `timezone` is the machine's. */
export function demoConfig({ port, timezone }: { port: number; timezone: string }): Config {
  return {
    controller: { name: 'Lightfoot demo', contact: 'nobody: the demo is on this machine only' },
    sites: [demoSite(port, timezone)],
    recipients: [],
  }
}

function demoSite(port: number, timezone: string): Site {
  return {
    id: 'demo',
    name: 'Demo site',
    origins: [`http://127.0.0.1:${port}`, `http://localhost:${port}`],
    mode: 'exempt',
    policy: 1,
    timezone,
    region: '',
    gpc: 'refuse',
    parameters: ['page'],
    search: { parameters: ['q'] },
    groups: [],
    sensitive: [],
    cookieDomain: '',
    events: [],
    numbers: ['+441632960144'],
    goals: [],
    funnels: [],
    retention: { exemptDays: 30, grantedDays: 90, rollupMonths: 25 },
    minimumGroup: 1,
  }
}
