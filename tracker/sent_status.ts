// An HTTP status: its class before consent, 404 → 400; undefined where it is not known, or not to be told.

import { allowed, granted } from './gate.ts'

export const sentStatus = (status = 0): number | undefined => {
  if (!(status > 0 && status < LIMIT.statusMax + 1) || !allowed(PURPOSE_OF.error)) return undefined
  return granted(PURPOSE_OF.error) ? status : status - (status % 100)
}
