// Errors at start that starting again cannot cure, each as one clear line that says what to do.

import { ConfigError, type Settings } from '../config/config.ts'
import { MigrationError } from '../store/migrate.ts'

/** Undefined for errors that may pass. `admin` is the private listener's. */
export function refusalOf(error: unknown, settings: Settings, isAdmin = false): string | undefined {
  if (error instanceof ConfigError || error instanceof MigrationError) return error.message
  const [port, host] = isAdmin
    ? ['LIGHTFOOT_ADMIN_PORT', 'LIGHTFOOT_ADMIN_HOST']
    : ['LIGHTFOOT_PORT', 'LIGHTFOOT_HOST']
  const number = isAdmin ? settings.adminPort : settings.port
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return `port ${number} is in use by another program: set ${port}`
  if (code === 'EACCES')
    return `port ${number} needs rights that this user does not have: set ${port} above 1023`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `this machine has no such address: set ${host}`
  return undefined
}
