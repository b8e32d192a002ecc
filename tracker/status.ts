// An HTTP status: its class before consent, 404 → 400; undefined where it is not known.

import { granted } from './gate.ts'

export const sentStatus = (status = 0): number | undefined => {
  return (granted(PURPOSE_OF.error) ? status : status - (status % 100)) || undefined
}
