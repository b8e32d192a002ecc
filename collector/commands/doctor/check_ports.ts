// The two ports: free, or used by our own running server.

import { createServer } from 'node:net'
import type { Check, Finding } from './finding.ts'

export const checkPorts: Check = async ({ settings, owner }) => {
  if (owner && owner.publicUrl !== '') {
    return [
      {
        state: 'ok',
        text: `ports: this data directory is served by process ${owner.pid} at ${owner.publicUrl}`,
      },
    ]
  }
  return [
    await checkPort('LIGHTFOOT_PORT', settings.host, settings.port),
    await checkPort('LIGHTFOOT_ADMIN_PORT', settings.adminHost, settings.adminPort),
  ]
}

function checkPort(name: string, host: string, port: number): Promise<Finding> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve({ state: 'fail', text: `port ${port} on ${host} cannot be used (${error.code}): set ${name}` })
    })
    server.listen(port, host, () =>
      server.close(() => resolve({ state: 'ok', text: `port ${port} on ${host} is free` })),
    )
  })
}
